const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024

/**
 * `fetch` for a server that is not trusted: an answer of more than 4 MiB is cut off, whether it comes packed or not, and a
 * redirect is an error, because it would carry the key to another server.
 */
export async function guardedFetch(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'error' })
  const { body, status, statusText, headers } = response
  return body ? new Response(body.pipeThrough(atMost(LARGEST_ANSWER_BYTES)), { status, statusText, headers }) : response
}

function atMost(bytes: number): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.byteLength
      if (seen > bytes) controller.error(new Error(`the answer is larger than ${bytes} bytes`))
      else controller.enqueue(chunk)
    },
  })
}
