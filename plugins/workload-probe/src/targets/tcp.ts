import { connect } from 'node:net'
import type { Endpoint, Exchange, Target } from './target.js'

/** Opens a connection and takes it back with a reset, as load balancers check a port: no socket stays in TIME_WAIT. */
export function tcpTarget({ host, port }: Endpoint): Target {
  return { probe: () => probe(host, port), close: () => undefined }
}

function probe(host: string, port: number): Exchange {
  const socket = connect({ host, port })
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.once('connect', () => {
      resolve()
      socket.resetAndDestroy()
    })
  })
  return { ended, cancel: () => void socket.destroy() }
}
