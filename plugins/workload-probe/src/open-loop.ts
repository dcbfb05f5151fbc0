import { messageOf } from '@semantos/core'
import { Queue } from './queue.js'
import { Tally } from './tally.js'
import type { Exchange, Target } from './targets/target.js'

/** A timer of Node comes up to this late, which is not the service's doing; what is later than this was kept waiting. */
const TIMER_LATE_MS = 2
const SHORTEST_SLEEP_MS = 1
/** Refused so often, for so long, and never answered: nobody listens there, and the rest of the requests would tell no more. */
const HOPELESS = { requests: 20, ms: 1000 } as const

export interface Load {
  readonly ratePerS: number
  readonly warmUpS: number
  readonly durationS: number
  readonly timeoutMs: number
  /** Requests under way at a time; what is due beyond them waits, and its latency counts from when it was due. */
  readonly connections: number
}

/**
 * Sends requests at a fixed rate, whatever becomes of them, until each has ended or timed out. A service that pauses finds
 * all the requests that were due meanwhile, as its users would send them: nothing is omitted (G. Tene, "How NOT to Measure Latency", 2013).
 */
export async function openLoop(target: Target, load: Load, signal: AbortSignal): Promise<Tally> {
  signal.throwIfAborted()
  const run = new OpenLoop(target, load)
  const stop = () => run.stop()
  signal.addEventListener('abort', stop, { once: true })
  await run.over
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  return run.tally
}

interface Request {
  /** False in the warm-up. */
  readonly counts: boolean
  readonly due: number
  sent: number
  exchange: Exchange | null
  over: boolean
}

class OpenLoop {
  readonly tally = new Tally()
  readonly over: Promise<void>
  readonly #from = performance.now()
  readonly #intervalMs: number
  readonly #warmUp: number
  readonly #total: number
  #next = 0
  #underWay = 0
  #answered = false
  #refused = 0
  #timer: NodeJS.Timeout | null = null
  /** Both in the order in which requests were due. One that is over is passed by when it comes to the head. */
  readonly #waiting = new Queue<Request>()
  readonly #unsettled = new Queue<Request>()
  #end: () => void = () => undefined

  constructor(
    readonly target: Target,
    readonly load: Load,
  ) {
    this.#intervalMs = 1000 / load.ratePerS
    this.#warmUp = Math.round(load.warmUpS * load.ratePerS)
    this.#total = this.#warmUp + Math.max(1, Math.round(load.durationS * load.ratePerS))
    this.over = new Promise((resolve) => (this.#end = resolve))
    this.#tick()
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    for (let request = this.#unsettled.shift(); request; request = this.#unsettled.shift()) {
      request.over = true
      request.exchange?.cancel()
    }
    this.#end()
  }

  #tick(): void {
    const now = performance.now()
    this.#release(now)
    this.#expire(now)
    this.#send()
    const next = this.#nextEvent()
    if (next === null) this.#end()
    else this.#timer = setTimeout(() => this.#tick(), Math.max(SHORTEST_SLEEP_MS, next - now))
  }

  /** Queues what is due. */
  #release(now: number): void {
    for (; this.#next < this.#total && this.#dueAt(this.#next) <= now; this.#next++) {
      const lateMs = now - this.#dueAt(this.#next)
      const request: Request = { counts: this.#next >= this.#warmUp, due: lateMs <= TIMER_LATE_MS ? now : now - lateMs, sent: now, exchange: null, over: false }
      if (request.counts) this.tally.late.record(lateMs)
      this.#waiting.push(request)
      this.#unsettled.push(request)
    }
  }

  #expire(now: number): void {
    for (let oldest = this.#oldest(); oldest && now >= oldest.due + this.load.timeoutMs; oldest = this.#oldest()) {
      oldest.over = true
      oldest.exchange?.cancel()
      if (oldest.exchange) this.#underWay--
      if (oldest.counts) this.tally.timeout(this.load.timeoutMs)
    }
  }

  #send(): void {
    while (this.#underWay < this.load.connections) {
      const request = this.#waiting.shift()
      if (!request) return
      if (request.over) continue
      this.#underWay++
      request.sent = performance.now()
      request.exchange = this.target.probe()
      request.exchange.ended.then(
        () => this.#settle(request, null),
        (error: unknown) => this.#settle(request, messageOf(error)),
      )
    }
  }

  #settle(request: Request, failure: string | null): void {
    const now = performance.now()
    if (request.over) return
    request.over = true
    this.#underWay--
    this.#answered ||= failure === null
    if (!this.#answered && failure?.includes('ECONNREFUSED')) {
      this.#refused++
      if (this.#refused >= HOPELESS.requests && now - this.#from >= HOPELESS.ms) return void this.#giveUp(failure)
    }
    if (request.counts && failure === null) this.tally.success(request.due, request.sent, now)
    else if (request.counts && failure !== null) this.tally.failure(failure)
    this.#send()
    if (this.#nextEvent() === null) this.stop()
  }

  /** Those of the warm-up are told as well: there may be no others. */
  #giveUp(failure: string): void {
    this.tally.failure(failure, this.#refused - this.tally.failed)
    this.stop()
  }

  /** When something is to be done next: a request is due or times out. Null: the run is over. */
  #nextEvent(): number | null {
    const times = [this.#next < this.#total ? this.#dueAt(this.#next) : null, this.#timesOut(this.#oldest())].filter((time) => time !== null)
    return times.length === 0 ? null : Math.min(...times)
  }

  #timesOut(request: Request | undefined): number | null {
    return request ? request.due + this.load.timeoutMs : null
  }

  #oldest(): Request | undefined {
    while (this.#unsettled.head?.over) this.#unsettled.shift()
    return this.#unsettled.head
  }

  #dueAt(index: number): number {
    return this.#from + index * this.#intervalMs
  }
}
