import { tracingChannel } from 'node:diagnostics_channel'
import type { CallContext } from './contexts.js'
import { SemantosError, attributed, isSemantosError, messageOf } from './errors.js'
import { frameIn } from './frames.js'

/** One event of `semantos:hook`: which tap ran, for how long, and what it added or changed. */
export interface HookEvent {
  readonly hook: string
  readonly plugin: string
  readonly tap: string
  readonly changed: string[]
  error?: unknown
}

const channel = tracingChannel<unknown, HookEvent>('semantos:hook')

/** Hooks that put things right: an aborted run still calls them, and does not cut them off. */
const CLEANING: ReadonlySet<string> = new Set(['undo', 'fault', 'dispose'])

/** An `apply` is left to end, so that what it wrote is known and can be rolled back. */
export function isCutOff(hook: string): boolean {
  return hook !== 'apply' && !CLEANING.has(hook)
}

/** What every tap of one run shares; calls of no run share the kernel's. */
export interface CallControl {
  /** Calls under way, to be cut off when the run is aborted. */
  readonly underway: Set<Call>
  aborted: SemantosError | null
  /** Told of each call as it begins; others may still be under way. */
  began(call: Call): void
  limitMs(hook: string): number
  log(plugin: string, message: string): void
  random(plugin: string, stream: string): () => number
}

/** One run of one tap: who, where, how long it may take, and what it changed. */
export class Call {
  #controller: AbortController | null = null
  #reject: ((error: SemantosError) => void) | null = null
  #cutBy: SemantosError | null = null
  readonly event: HookEvent | null

  constructor(
    readonly hook: string,
    readonly plugin: string,
    readonly tap: string,
    readonly control: CallControl,
  ) {
    this.event = channel.start.hasSubscribers ? { hook, plugin, tap, changed: [] } : null
  }

  /** Made when first asked for: most taps never look at it. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#cutBy) this.#controller.abort(this.#cutBy)
    }
    return this.#controller.signal
  }

  /** The control of the run that a tap's context belongs to, or null for a context that is no tap's own. */
  static controlOf(context: CallContext): CallControl | null {
    return LazySignal.callOf(context)?.control ?? null
  }

  /** What `semantos --trace` shows of the tap. */
  note(change: string): void {
    this.event?.changed.push(change)
  }

  /** Ends the call from outside: aborts its signal and rejects the wait for it. */
  cut(error: SemantosError): void {
    this.#cutBy = error
    this.#controller?.abort(error)
    this.#reject?.(error)
  }

  /** The context as this tap sees it: its own signal, random streams and name. */
  context<C extends CallContext>(shared: C): C {
    const { control, plugin } = this
    return Object.assign(new LazySignal(this), shared, {
      log: (message: string) => control.log(plugin, message),
      random: (stream: string) => control.random(plugin, stream),
    })
  }

  /**
   * Runs the tap and hands what came of it to `ended` or, once it is known who is to blame, to `failed`. A value that is
   * not a promise costs no timer.
   */
  run<R, T>(tap: () => R | PromiseLike<R>, ended: (result: R) => T, failed: (error: SemantosError) => T): Promise<T> {
    const { control, event } = this
    control.began(this)
    if (control.aborted && !CLEANING.has(this.hook)) return this.#fail(control.aborted, failed)
    if (event) return channel.tracePromise(() => this.#run(tap, ended, rethrow), event).catch((error: unknown) => failed(this.blame(error)))
    return this.#run(tap, ended, failed)
  }

  /** The error with this tap's plugin and hook in it, unless it names a plugin already or is nobody's fault. */
  blame(error: unknown): SemantosError {
    const { plugin, hook } = this
    if (!isSemantosError(error)) {
      return new SemantosError('SEMANTOS_E_PLUGIN_THREW', { message: `${plugin} failed in ${hook}: ${messageOf(error)}`, place: frameIn(error, plugin), plugin, hook, cause: error })
    }
    return error.plugin !== null || error.code === 'SEMANTOS_E_ABORTED' ? error : attributed(error, plugin, hook)
  }

  #run<R, T>(tap: () => R | PromiseLike<R>, ended: (result: R) => T, failed: (error: SemantosError) => T): Promise<T> {
    try {
      const beganMs = performance.now()
      const result = tap()
      this.#nameBlocking(performance.now() - beganMs)
      return isPromiseLike(result) ? this.#within(result, ended, failed) : Promise.resolve(ended(result))
    } catch (error) {
      return this.#fail(error, failed)
    }
  }

  /** What blocks the event loop cannot be cut off; it can be named. */
  #nameBlocking(tookMs: number): void {
    const limitMs = this.control.limitMs(this.hook)
    if (tookMs > limitMs) this.control.log(this.plugin, `blocked the event loop for ${Math.round(tookMs)} ms in hook ${this.hook} (limit ${limitMs} ms); synchronous code cannot be cancelled`)
  }

  async #fail<T>(error: unknown, failed: (error: SemantosError) => T): Promise<T> {
    return failed(this.blame(error))
  }

  /** Waits for the result, or until the call is cut off: whatever comes first is all that counts. */
  #within<R, T>(result: PromiseLike<R>, ended: (result: R) => T, failed: (error: SemantosError) => T): Promise<T> {
    const { control } = this
    const limitMs = control.limitMs(this.hook)
    return new Promise<T>((resolve) => {
      // Not unref'd: a hung plugin must be named, not end the process in silence.
      const timer = setTimeout(() => this.cut(this.#timeout(limitMs)), limitMs)
      const over = () => {
        clearTimeout(timer)
        this.#reject = null
        return control.underway.delete(this)
      }
      const fail = (error: unknown) => {
        if (over()) resolve(this.#fail(error, failed))
      }
      const succeed = (value: R) => {
        if (!over()) return
        try {
          resolve(ended(value))
        } catch (error) {
          resolve(this.#fail(error, failed))
        }
      }
      this.#reject = fail
      control.underway.add(this)
      // A tap may abort its own run before it first waits.
      if (control.aborted && isCutOff(this.hook)) this.cut(control.aborted)
      try {
        result.then(succeed, fail)
      } catch (error) {
        fail(error)
      }
    })
  }

  #timeout(limitMs: number): SemantosError {
    return new SemantosError('SEMANTOS_E_PLUGIN_TIMEOUT', {
      message: `${this.plugin} timed out in hook ${this.hook} after ${limitMs} ms`,
      plugin: this.plugin,
      hook: this.hook,
      next: `If it needs longer, in the config: time_limits_ms: { ${this.hook}: ${limitMs * 2} }. Its author hands the context's signal to whatever waits.`,
    })
  }
}

/**
 * A context's signal is made when first asked for. On the prototype, because an accessor of each context's own would
 * cost as much as everything else around a tap.
 */
class LazySignal {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  static callOf(context: object): Call | null {
    return #call in context ? context.#call : null
  }

  get signal(): AbortSignal {
    return this.#call.signal
  }

  /** The shared context has a signal too; it does not replace the tap's. */
  set signal(_shared: AbortSignal) {
    return
  }
}

export function rethrow(error: SemantosError): never {
  throw error
}

function isPromiseLike<R>(value: R | PromiseLike<R>): value is PromiseLike<R> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
