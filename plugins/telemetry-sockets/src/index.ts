import { setTimeout as sleep } from 'node:timers/promises'
import { definePlugin, z } from '@semantos/core'
import type { SocketInfo } from './socket.js'
import { lookAtSockets } from './ss.js'
import { Tally } from './tally.js'

const options = z.strictObject({
  /** How long connections are watched where no trial runs. */
  window_ms: z.int().min(10).max(600_000).default(1000),
  /** Between two looks: a connection that lives shorter may not be seen. */
  every_ms: z.int().min(10).max(60_000).default(250),
  /** Only connections of these processes, by name; all by default. */
  processes: z.array(z.string().min(1)).readonly().default([]),
  /** Only connections with one of these ports at either end; all by default. */
  ports: z.array(z.int().min(1).max(65_535)).readonly().default([]),
  program: z.string().min(1).default('ss'),
})
type Options = z.output<typeof options>

/** What limits TCP connections: the peer's window, the send buffer, losses, or the program itself. /proc/net/netstat counts none of it. */
export const sockets = definePlugin({
  name: '@semantos/telemetry-sockets',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options,
  setup({ hooks, host }, written) {
    // ss tells of this machine, whatever folder stands for the root.
    const elsewhere = host.root === '/' ? null : `ss reads this machine, not the one under ${host.root}`
    hooks.collect.tapPromise('look', async (snapshot, { signal }) => {
      if (elsewhere !== null) {
        snapshot.missing({ name: 'tcp_sockets', reason: elsewhere })
        return
      }
      const watch = startWatch(written, signal)
      await sleep(written.window_ms, undefined, { signal })
      const { metrics, missing } = await watch()
      for (const metric of metrics) snapshot.add(metric)
      for (const metric of missing) snapshot.missing(metric)
    })
    hooks.watch.tapPromise('look', (trial, { signal }) => {
      if (elsewhere !== null) return
      const watch = startWatch(written, signal)
      trial.atEnd(async () => (await watch()).metrics)
    })
  },
})

/** Looks again and again until it is told to end. */
function startWatch({ program, every_ms, processes, ports }: Options, signal: AbortSignal): () => Promise<ReturnType<Tally['result']>> {
  const isWanted = (socket: SocketInfo) =>
    (processes.length === 0 || socket.processes.some((name) => processes.includes(name))) && (ports.length === 0 || socket.ports.some((port) => ports.includes(port)))
  const tally = new Tally()
  const ended = new AbortController()
  const over = AbortSignal.any([signal, ended.signal])
  /** Null, or why it could not. */
  const look = async (): Promise<string | null> => {
    const seen = await lookAtSockets(program)
    if (typeof seen === 'string') return seen
    tally.add(seen.filter(isWanted))
    return null
  }
  const looking = (async () => {
    for (;;) {
      const failure = await look()
      if (over.aborted || failure !== null) return failure
      await sleep(every_ms, undefined, { signal: over }).catch(() => undefined)
    }
  })()
  return async () => {
    ended.abort()
    const failure = await looking
    return failure === null ? tally.result() : { metrics: [], missing: [{ name: 'tcp_sockets', reason: failure }] }
  }
}

export default sockets
