import { request } from 'node:http'
import { request as secureRequest } from 'node:https'

interface Answer {
  readonly status: number
  readonly body: string
}

/** One GET on a connection of its own. */
export function httpGet(url: string, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? secureRequest : request
    send(url, { agent: false, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }, (response) => {
      const parts: string[] = []
      response.setEncoding('utf8')
      response.on('data', (part: string) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parts.join('') }))
      response.on('error', reject)
    })
      .on('error', reject)
      .end()
  })
}
