import type { MetricDraft, MissingDraft } from '@semantos/core'
import type { SocketInfo } from './socket.js'

/** Counters that only grow while a connection lives. */
type Counter = 'busyMs' | 'windowLimitedMs' | 'bufferLimitedMs' | 'retransmits' | 'segmentsOut'

/** Connections during a window, each from how it was first seen to how it was last seen. What began in the window counts from its beginning. */
export class Tally {
  readonly #first = new Map<string, SocketInfo>()
  readonly #last = new Map<string, SocketInfo>()
  #looks = 0

  add(sockets: readonly SocketInfo[]): void {
    for (const socket of sockets) {
      if (this.#looks === 0) this.#first.set(socket.id, socket)
      this.#last.set(socket.id, socket)
    }
    this.#looks++
  }

  result(): { readonly metrics: MetricDraft[]; readonly missing: MissingDraft[] } {
    const sockets = [...this.#last.values()]
    const metrics: MetricDraft[] = [{ name: 'tcp_sockets.seen_count', value: sockets.length, unit: 'count' }]
    const missing: MissingDraft[] = []
    const add = (name: string, unit: string, value: number | null, reason: string) => (value === null ? missing.push({ name, reason }) : metrics.push({ name, value, unit }))
    const share = (part: Counter, whole: Counter) => {
      const all = this.#sum(whole)
      return all > 0 ? (100 * this.#sum(part)) / all : null
    }
    const idle = 'no connection sent anything'
    add('tcp_sockets.peer_window_limited_pct', 'percent', share('windowLimitedMs', 'busyMs'), idle)
    add('tcp_sockets.send_buffer_limited_pct', 'percent', share('bufferLimitedMs', 'busyMs'), idle)
    add('tcp_sockets.retransmitted_pct', 'percent', share('retransmits', 'segmentsOut'), idle)
    const busy = sockets.filter((socket) => this.#grown(socket, 'busyMs') > 0)
    add('tcp_sockets.busy_count', 'count', busy.length, idle)
    add('tcp_sockets.app_limited_pct', 'percent', busy.length > 0 ? (100 * busy.filter(({ isAppLimited }) => isAppLimited).length) / busy.length : null, idle)
    add('tcp_sockets.rtt_ms', 'ms', middle(busy.map(({ rttMs }) => rttMs)), idle)
    add('tcp_sockets.congestion_window_count', 'count', middle(busy.map(({ congestionWindow }) => congestionWindow)), idle)
    add('tcp_sockets.delivery_bytes_per_s', 'bytes_per_s', middle(busy.map(({ deliveryBytesPerS }) => deliveryBytesPerS)), idle)
    return { metrics, missing }
  }

  #sum(counter: Counter): number {
    return [...this.#last.values()].reduce((total, socket) => total + this.#grown(socket, counter), 0)
  }

  /** A smaller number than before is of a new connection under the same name. */
  #grown(socket: SocketInfo, counter: Counter): number {
    const before = this.#first.get(socket.id)?.[counter] ?? 0
    return socket[counter] >= before ? socket[counter] - before : socket[counter]
  }
}

/** The median; null of nothing. */
function middle(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
