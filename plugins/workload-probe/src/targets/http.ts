import { Agent, type ClientRequest, type IncomingMessage, get } from 'node:http'
import { Agent as SecureAgent, get as secureGet } from 'node:https'
import type { HttpOptions } from '../options.js'
import type { Endpoint, Exchange, Target } from './target.js'

const FAILED_STATUS = 400

/** GET requests, read to their end. */
export function httpTarget({ url, keep_alive }: HttpOptions, { host, port }: Endpoint): Target {
  const { protocol, hostname, host: name, pathname, search } = new URL(url)
  const secure = protocol === 'https:'
  const pool = { keepAlive: keep_alive, maxFreeSockets: Infinity }
  const agent = secure ? new SecureAgent(pool) : new Agent(pool)
  const request = { host, port, agent, path: pathname + search, headers: { host: name, 'user-agent': 'semantos' }, servername: hostname }
  const send = secure ? secureGet : get
  return { probe: () => probe((onResponse) => send(request, onResponse)), close: () => agent.destroy() }
}

function probe(send: (onResponse: (response: IncomingMessage) => void) => ClientRequest): Exchange {
  let cancel = () => undefined
  const ended = new Promise<void>((resolve, reject) => {
    const request = send((response) => {
      const status = response.statusCode ?? 0
      response.on('error', reject)
      response.on('end', () => (status < FAILED_STATUS ? resolve() : reject(new Error(`status ${status}`))))
      response.resume()
    })
    request.on('error', reject)
    cancel = () => void request.destroy()
  })
  return { ended, cancel: () => cancel() }
}
