import { AsyncParallelHook, AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook } from 'tapable'
import { Call, rethrow } from './call.js'
import type { CallContext } from './contexts.js'
import type { Draft } from './drafts.js'
import { SemantosError, messageOf } from './errors.js'
import { type Ordered, sortTaps } from './order.js'
import type { RunControls } from './kernel-run.js'

/** A tap that must run before or after those of other plugins. */
export interface TapOptions {
  readonly name: string
  /** Plugin names (or `plugin#tap`) that this tap runs before or after, where they are there. */
  readonly before?: readonly string[]
  readonly after?: readonly string[]
}

/** What a plugin sees of a hook: one method. The tap's name is stamped with the plugin's, so that blame is never wrong. */
export interface Tappable<Subject, Context extends CallContext, Result> {
  /** Registers `fn`, which may be async. In `setup` only: later it throws SEMANTOS_E_PLUGIN_LATE_TAP. */
  tapPromise(tap: string | TapOptions, fn: (subject: Subject, context: Context) => Result | Promise<Result>): void
}

interface Tap<Subject, Context, Result> extends Ordered {
  readonly plugin: string
  readonly tap: string
  readonly fn: (subject: Subject, context: Context) => Result | Promise<Result>
}

/** The four ways a hook runs its taps; each is one of tapable's. */
export type HookKind = 'parallel' | 'series' | 'waterfall' | 'bail'

/** What all hooks share: taps are collected, ordered once, and then installed in tapable. */
abstract class Hook<Subject, Context extends CallContext, Result> {
  abstract readonly kind: HookKind
  #taps: Tap<Subject, Context, Result>[] = []
  #sealed = false

  constructor(
    readonly name: string,
    protected readonly runs: RunControls,
    readonly newestFirst = false,
  ) {}

  /** Taps in the order in which they run. */
  get taps(): readonly { readonly plugin: string; readonly tap: string }[] {
    return this.#taps
  }

  /** The hook as a plugin sees it. */
  for(plugin: string): Tappable<Subject, Context, Result> {
    return {
      tapPromise: (options, fn) => {
        if (this.#sealed) {
          throw new SemantosError('SEMANTOS_E_PLUGIN_LATE_TAP', { message: `${plugin} tapped ${this.name} after setup`, plugin, hook: this.name })
        }
        if (typeof fn !== 'function') {
          throw new SemantosError('SEMANTOS_E_PLUGIN_HOOK', {
            message: `${plugin} tapped ${this.name} without a function`,
            plugin,
            hook: this.name,
            next: "Use tapPromise('name', (subject, context) => …).",
          })
        }
        const { name, before = [], after = [] } = typeof options === 'string' ? { name: options } : options
        this.#taps.push({ plugin, tap: name, fn, id: `${plugin}#${name}`, before, after })
      },
    }
  }

  /** Sorts the taps and installs them; from here on nothing can be tapped. Taps that cannot be ordered are installed as given. */
  seal(): void {
    if (this.#sealed) return
    this.#sealed = true
    try {
      this.#taps = sortTaps(this.name, this.#taps)
    } finally {
      if (this.newestFirst) this.#taps.reverse()
      for (const tap of this.#taps) this.install(tap)
    }
  }

  protected abstract install(tap: Tap<Subject, Context, Result>): void

  protected call(tap: { plugin: string; tap: string }, context: CallContext): Call {
    return new Call(this.name, tap.plugin, tap.tap, this.runs.of(context))
  }
}

/**
 * Every tap runs and adds to a draft. A failure stops none of the others; the first in tap order is thrown when all
 * have ended, or handed to `failed` (a guard that fails is a veto).
 */
export class Gather<View, D extends Draft<View>, Context extends CallContext> extends Hook<View, Context, void> {
  readonly #hook: AsyncParallelHook<[D, Context, (SemantosError | null)[]]> | AsyncSeriesHook<[D, Context, (SemantosError | null)[]]>
  #installed = 0

  constructor(name: string, runs: RunControls, readonly kind: 'parallel' | 'series') {
    super(name, runs)
    this.#hook = kind === 'parallel' ? new AsyncParallelHook(['draft', 'context', 'failures']) : new AsyncSeriesHook(['draft', 'context', 'failures'])
  }

  protected install(tap: Tap<View, Context, void>): void {
    const index = this.#installed++
    let told = false
    /** A plugin that returns what it should add would be silently without effect. */
    const ignore = (result: unknown, call: Call) => {
      if (told || typeof result !== 'object' || result === null) return
      told = true
      call.control.log(tap.plugin, `return value of its tap of ${this.name} ignored; call the methods of the first argument instead, such as snapshot.add()`)
    }
    this.#hook.tapPromise(tap.id, (draft, context, failures) => {
      const call = this.call(tap, context)
      return call.run(
        () => tap.fn(draft.for(call), call.context(context)),
        (result) => ignore(result, call),
        (error) => void (failures[index] = error),
      )
    })
  }

  /** Asks every tap. */
  async run(draft: D, context: Context, failed?: (error: SemantosError) => void): Promise<D> {
    const failures: (SemantosError | null)[] = []
    await this.#hook.promise(draft, context, failures)
    for (const failure of failures) {
      if (!failure) continue
      if (!failed || failure.code === 'SEMANTOS_E_ABORTED') throw failure
      failed(failure)
    }
    return draft
  }
}

/** What V8 says of a write to what is frozen. */
const FROZEN = /object is not extensible|read only property|Cannot (?:delete|redefine) property/

/** Each tap gets what the one before returned; `edge` parses every answer and stamps who gave it. */
export class Chain<In, Out, Context extends CallContext> extends Hook<Out, Context, In> {
  readonly kind = 'waterfall'
  readonly #hook = new AsyncSeriesWaterfallHook<[{ readonly value: Out }, Context]>(['value', 'context'])

  constructor(
    name: string,
    runs: RunControls,
    /** What is handed on, in a word. */
    readonly what: string,
    /** Parses an answer and stamps it. */
    readonly edge: (answer: In, previous: Out, call: Call) => Out,
    /** Makes safe what a tap is handed: who gave it what it holds is told by comparing. */
    readonly kept: (value: Out) => Out,
  ) {
    super(name, runs)
  }

  protected install(tap: Tap<Out, Context, In>): void {
    this.#hook.tapPromise(tap.id, ({ value }, context) => {
      const call = this.call(tap, context)
      return call.run(
        () => tap.fn(value, call.context(context)),
        (answer: In | null | undefined) => {
          if (answer === null || answer === undefined) throw this.#misused(call, `returned nothing; return the ${this.what}, as it came or changed`)
          return { value: this.kept(this.edge(answer, value, call)) }
        },
        (error) => rethrow(FROZEN.test(messageOf(error.cause)) ? this.#misused(call, 'changed what it was handed; return a copy with the changes', error) : error),
      )
    })
  }

  /** Mistakes that are made before the first answer is: told apart from a wrong answer. */
  #misused({ plugin }: Call, problem: string, thrown?: SemantosError): SemantosError {
    return new SemantosError('SEMANTOS_E_PLUGIN_OUTPUT', {
      message: `${plugin}: ${this.name} ${problem}`, plugin, hook: this.name, place: thrown?.place ?? null, cause: thrown?.cause, next: 'Correct it in the plugin, or report it to its author.',
    })
  }

  /** What the last tap returned. */
  async run(value: Out, context: Context): Promise<Out> {
    return (await this.#hook.promise({ value: this.kept(value) }, context)).value
  }
}

/** The first tap that answers other than `undefined` ends it; with `only`, no other plugin than that one is asked. */
export class First<In, Out, Request, Context extends CallContext> extends Hook<Request, Context, In | undefined> {
  readonly kind = 'bail'
  readonly #hook = new AsyncSeriesBailHook<[Request, Context, string | null], { readonly answer: Out } | undefined>(['request', 'context', 'only'])

  constructor(
    name: string,
    runs: RunControls,
    /** Parses an answer. */
    readonly edge: (answer: In, call: Call) => Out,
  ) {
    super(name, runs)
  }

  protected install(tap: Tap<Request, Context, In | undefined>): void {
    this.#hook.tapPromise(tap.id, (request, context, only) => {
      if (only !== null && only !== tap.plugin) return NOT_ASKED
      const call = this.call(tap, context)
      return call.run(
        () => tap.fn(request, call.context(context)),
        (answer) => (answer === undefined ? undefined : { answer: this.edge(answer, call) }),
        rethrow,
      )
    })
  }

  /** The answer, or undefined where no tap gave one. */
  async run(request: Request, context: Context, only: string | null = null): Promise<Out | undefined> {
    return (await this.#hook.promise(request, context, only))?.answer
  }
}

/** Every tap is told. As with `Gather`, a failure stops none of the others. */
export class Tell<Message, Context extends CallContext> extends Hook<Message, Context, void> {
  readonly kind = 'series'
  readonly #hook = new AsyncSeriesHook<[Message, Context, SemantosError[]]>(['message', 'context', 'failures'])

  protected install(tap: Tap<Message, Context, void>): void {
    this.#hook.tapPromise(tap.id, (message, context, failures) => {
      const call = this.call(tap, context)
      return call.run(
        () => tap.fn(message, call.context(context)),
        () => undefined,
        (error) => void failures.push(error),
      )
    })
  }

  /** Returns the failures instead of throwing, for callers that must go on. */
  async settle(message: Message, context: Context): Promise<readonly SemantosError[]> {
    const failures: SemantosError[] = []
    await this.#hook.promise(message, context, failures)
    return failures
  }

  /** Tells every tap; throws the first failure when all have been told. */
  async run(message: Message, context: Context): Promise<void> {
    const [failure] = await this.settle(message, context)
    if (failure) throw failure
  }
}

const NOT_ASKED = Promise.resolve(undefined)
