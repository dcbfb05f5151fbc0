import { messageOf, withTimeLimit } from '@semantos/core'
import type { Headers } from './headers.js'

const MOST_BYTES = 1 << 20

export interface Server {
  readonly url: string
  readonly headers: Headers
  readonly timeoutMs: number
}

export interface Reply {
  readonly status: number
  readonly location: string
  readonly body: string
}

/** What the server replies, redirects included; or why there is no reply. Throws only when `signal` aborts. */
export async function get({ url, headers, timeoutMs }: Server, query: string, signal: AbortSignal): Promise<Reply | { readonly reason: string }> {
  const address = `${url.replace(/\/+$/, '')}/api/v1/query?${new URLSearchParams({ query }).toString()}`
  try {
    return await withTimeLimit(signal, timeoutMs, async (limited) => {
      const response = await fetch(address, { headers: { ...headers.values, accept: 'application/json' }, redirect: 'manual', signal: limited })
      return { status: response.status, location: response.headers.get('location') ?? 'nowhere', body: await textOf(response.body) }
    })
  } catch (error) {
    signal.throwIfAborted()
    return { reason: `the server cannot be asked: ${causeOf(error)}` }
  }
}

async function textOf(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) throw new Error(`its answer is larger than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** fetch says 'fetch failed'; what failed is the cause. */
function causeOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error)
}
