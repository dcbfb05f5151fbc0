import { z } from '@semantos/core'

export interface Server {
  /** Up to and with `/v1`. */
  readonly baseUrl: string
  readonly model: string
  readonly key: string | undefined
}

export interface Message {
  readonly role: 'system' | 'user'
  readonly content: string
}

const Completion = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) })

/** Asks a chat-completions server once and returns the model's text. Whatever fails is an error in words, without the key. */
export async function complete({ baseUrl, model, key }: Server, messages: readonly Message[], signal: AbortSignal): Promise<string> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    // A redirect would carry the key to another server.
    redirect: 'error',
    signal,
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model, messages, temperature: 0, response_format: { type: 'json_object' } }),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new Error(`the server answered ${response.status}`)
  }
  const completion = Completion.safeParse(await response.json())
  if (!completion.success) throw new Error('the server answered with something else than a completion')
  return completion.data.choices[0]?.message.content ?? ''
}
