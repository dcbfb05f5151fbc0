import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** For the tests: a chat-completions server on loopback that answers as it is told, and keeps what it was sent. */
export async function startServer(answer: (response: ServerResponse) => void) {
  const requests: { readonly path: string; readonly key: string | undefined; readonly body: string }[] = []
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      requests.push({ path: request.url ?? '', key: request.headers.authorization, body })
      answer(response)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const stop = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { baseUrl: `http://127.0.0.1:${address.port}/v1`, requests, [Symbol.asyncDispose]: stop }
}

/** An answer that a model gave, as the protocol wraps it. */
export function says(content: string) {
  const body = JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }] })
  return (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}
