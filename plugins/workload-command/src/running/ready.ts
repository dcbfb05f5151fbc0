import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ready } from '../options.js'
import { httpGet } from './http-get.js'
import type { Processes } from './processes.js'

const POLL_MS = 50
const ANSWER_WITHIN_MS = 2000

/** Asks a service whether it answers. */
export class ReadyCheck {
  #asked = 0

  constructor(
    readonly ready: Ready,
    readonly processes: Processes,
  ) {}

  /** Asks again and again until the answer is `wanted`; false when `ms` are over, or `hopeless` says so. */
  async becomes(wanted: boolean, ms: number, signal: AbortSignal, hopeless: () => boolean = () => false): Promise<boolean> {
    const until = performance.now() + ms
    for (;;) {
      if ((await this.isReady(signal)) === wanted) return true
      if (performance.now() > until || hopeless()) return false
      await sleep(POLL_MS, undefined, { signal })
    }
  }

  async isReady(signal: AbortSignal): Promise<boolean> {
    const { tcp, http, command } = this.ready
    if (tcp !== undefined) return await accepts(tcp)
    if (http !== undefined) return await httpGet(http, ANSWER_WITHIN_MS, signal).then(({ status }) => status >= 200 && status < 400, () => false)
    if (command === undefined) return false
    return await this.processes.run(`ready-${++this.#asked}`, command, { limitMs: ANSWER_WITHIN_MS, signal }).then(() => true, () => false)
  }
}

function accepts(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(':')
  const socket = connect({ host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)), timeout: ANSWER_WITHIN_MS })
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('timeout', () => resolve(false))
    socket.once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}
