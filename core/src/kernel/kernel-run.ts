import { type Call, type CallControl, isCutOff } from './call.js'
import type { CallContext } from './contexts.js'
import { SemantosError, isSemantosError, messageOf } from './errors.js'

/** What a run brings along; the rest is the kernel's. */
export interface RunParts {
  /** Aborts this run and no other. */
  readonly signal?: AbortSignal
  /** The run's clock. */
  readonly now: () => Date
  /** A stream of numbers in 0..1 by its name. */
  readonly random: (stream: string) => () => number
  /** Warnings, with the plugin that gave them. */
  readonly log: (plugin: string, message: string) => void
  /** The workload that the run measures, and null where there is none. */
  readonly workload: string | null
  limitMs(hook: string): number
  /** Told of each call as it begins. */
  began(call: Call): void
}

/**
 * One run of a kernel: its own abort, clock and random streams. Its contexts carry its signal, by which every hook finds the run that a
 * call belongs to, so that a hook is called alike in a run and outside of one.
 */
export class KernelRun {
  readonly control: CallControl
  readonly #parts: RunParts
  readonly #controller = new AbortController()

  constructor(parts: RunParts, controls: RunControls) {
    this.#parts = parts
    this.control = {
      underway: new Set<Call>(),
      aborted: null,
      began: (call) => parts.began(call),
      limitMs: (hook) => parts.limitMs(hook),
      log: (plugin, message) => parts.log(plugin, message),
      random: (plugin, stream) => parts.random(`${plugin}/${stream}`),
    }
    controls.add(this.signal, this.control)
    const { signal } = parts
    const stop = () => this.abort(stoppedBy(signal?.reason))
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  }

  /** Aborts with the run. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The run's clock. */
  now(): Date {
    return this.#parts.now()
  }

  /** The context of a call of this run. Each tap gets its own signal and streams on top of it. */
  context(): CallContext {
    const { now, random, log, workload } = this.#parts
    return { signal: this.signal, now, random, workload, log: (message) => log('semantos', message) }
  }

  /**
   * Cuts off every call under way and refuses new ones, except those of `undo`, `fault` and `dispose`; an `apply` is left to end.
   */
  abort(error: SemantosError): void {
    const { control } = this
    control.aborted ??= error
    this.#controller.abort(control.aborted)
    for (const call of [...control.underway]) if (isCutOff(call.hook)) call.cut(control.aborted)
  }

  /** Lets taps run again after an abort, for a caller that has more to do than to roll back and close. */
  clearAbort(): void {
    this.control.aborted = null
  }
}

/** Finds the run that a context belongs to; what belongs to no run of the kernel is the kernel's own, which is added first. */
export class RunControls {
  readonly #bySignal = new WeakMap<AbortSignal, CallControl>()
  #first: CallControl | null = null

  add(signal: AbortSignal, control: CallControl): void {
    this.#bySignal.set(signal, control)
    this.#first ??= control
  }

  of(context: CallContext): CallControl {
    const control = this.#bySignal.get(context.signal) ?? this.#first
    if (control) return control
    throw new TypeError('a hook was called before its kernel was made')
  }
}

function stoppedBy(reason: unknown): SemantosError {
  return isSemantosError(reason) ? reason : new SemantosError('SEMANTOS_E_ABORTED', { message: `stopped: ${messageOf(reason)}`, cause: reason })
}
