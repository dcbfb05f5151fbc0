import { type Deadline, sleep } from './deadline.js'

/** Lets at most so many requests begin in any window of time; the next one waits for its turn. */
export class RateLimit {
  /** When the latest requests began or will begin, on the monotonic clock, oldest first. */
  readonly #turns: number[] = []

  constructor(
    readonly requests: number,
    readonly windowMs = 60_000,
  ) {}

  /** Throws at once where the turn would come after the deadline. */
  async turn(deadline: Deadline): Promise<void> {
    const now = performance.now()
    const earlier = this.#turns[this.#turns.length - this.requests]
    const waitMs = earlier === undefined ? 0 : Math.max(0, earlier + this.windowMs - now)
    if (waitMs > deadline.leftMs) throw new Error(`the limit of ${this.requests} requests in ${this.windowMs / 1000} s is used up`)
    this.#turns.push(now + waitMs)
    while (this.#turns.length > this.requests) this.#turns.shift()
    if (waitMs > 0) await sleep(waitMs, deadline.signal)
  }
}
