import { Latencies } from './latencies.js'

/** What became of the requests of a run. */
export class Tally {
  /** From when a request was due: what a client of the service would have seen. A timed-out one counts with the time-out. */
  readonly latencies = new Latencies()
  /** From when it was sent: what a client that waits for its turn would have noted. */
  readonly uncorrected = new Latencies()
  /** How late the probe itself was. */
  readonly late = new Latencies()
  readonly #failures = new Map<string, number>()
  succeeded = 0
  timeouts = 0

  success(dueMs: number, sentMs: number, nowMs: number): void {
    this.succeeded++
    this.latencies.record(nowMs - dueMs)
    this.uncorrected.record(nowMs - sentMs)
  }

  timeout(timeoutMs: number): void {
    this.timeouts++
    this.latencies.record(timeoutMs)
    this.failure(`no answer within ${timeoutMs} ms`)
  }

  failure(reason: string, count = 1): void {
    this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + count)
  }

  get failed(): number {
    return [...this.#failures.values()].reduce((sum, count) => sum + count, 0)
  }

  /** The commonest reasons, such as `12 x status 503`; empty where nothing failed. */
  get reasons(): string {
    const commonest = [...this.#failures].sort(([, a], [, b]) => b - a).slice(0, 3)
    return commonest.map(([reason, count]) => `${count} x ${reason}`).join(', ')
  }
}
