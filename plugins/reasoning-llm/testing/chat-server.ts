import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** A request as a server of the chat-completions protocol gets it. */
const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(z.looseObject({ text: z.string() }))]) })),
  stream: z.boolean().optional(),
  response_format: z.looseObject({ type: z.string() }).optional(),
})
export type ChatRequest = z.infer<typeof ChatRequest>

export interface Received {
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: ChatRequest
}

/** How the server answers one request; it may write whatever it likes, or nothing. */
export type Respond = (response: ServerResponse, request: Received, number: number) => void

export interface ChatServer extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
}

/** A real HTTP server on a port of its own. */
export async function chatServer(respond: Respond): Promise<ChatServer> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const parsed = { url: request.url ?? '', headers: request.headers, body: ChatRequest.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))) }
      received.push(parsed)
      respond(response, parsed, received.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/v1`,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('the server has no port')
}

export const USAGE = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 }

/** A whole chat completion with this text, streamed where it was asked for so. */
export function says(text: string, usage: typeof USAGE | null = USAGE): Respond {
  return (response, { body }) => {
    if (body.stream === true) return void stream(response, text.match(/[\s\S]{1,7}/g) ?? [], usage)
    json(response, 200, {
      id: 'c1', object: 'chat.completion', created: 1, model: body.model,
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
      ...(usage === null ? {} : { usage }),
    })
  }
}

/** One answer for each request, in order; the last for all that follow. */
export function inTurn(...answers: readonly Respond[]): Respond {
  return (response, request, number) => answers[Math.min(number, answers.length) - 1]?.(response, request, number)
}

export function fails(status: number, headers: Readonly<Record<string, string>> = {}, message = 'no'): Respond {
  return (response) => json(response, status, { error: { message, type: 'x', code: null } }, headers)
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Server-sent events of the protocol; without `usage` the stream breaks off as if the server had died. */
export function stream(response: ServerResponse, pieces: readonly string[], usage: typeof USAGE | null): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (data: unknown) => response.write(`data: ${JSON.stringify(data)}\n\n`)
  const chunk = (delta: object, finish: string | null) => ({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })
  for (const content of pieces) send(chunk({ role: 'assistant', content }, null))
  if (usage === null) return void response.destroy()
  send(chunk({}, 'stop'))
  send({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage })
  response.end('data: [DONE]\n\n')
}
