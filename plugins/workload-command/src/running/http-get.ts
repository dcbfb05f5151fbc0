import { request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { withTimeLimit } from '@semantos/core'

interface Answer {
  readonly status: number
  readonly body: string
}

/** A page that is longer is no answer of a metrics server. */
const LONGEST_BODY_CHARACTERS = 16e6

/** One GET on a connection of its own. */
export function httpGet(url: string, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  return withTimeLimit(signal, timeoutMs, (limited) => get(url, limited))
}

function get(url: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? secureRequest : request
    send(url, { agent: false, signal }, (response) => {
      const parts: string[] = []
      response.setEncoding('utf8')
      let length = 0
      response.on('data', (part: string) => {
        length += part.length
        if (length > LONGEST_BODY_CHARACTERS) response.destroy(new Error(`${url} answers with more than ${LONGEST_BODY_CHARACTERS / 1e6} million characters`))
        else parts.push(part)
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parts.join('') }))
      response.on('error', reject)
    })
      .on('error', reject)
      .end()
  })
}
