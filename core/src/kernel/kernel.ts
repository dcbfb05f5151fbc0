import { Catalogue } from '../model/catalogue.js'
import { Call, type CallControl, rethrow } from './call.js'
import type { CallContext } from './contexts.js'
import type { HostReader, HostWriter } from './host-interface.js'
import { KnobsDraft } from './drafts.js'
import { SemantosError, messageOf } from './errors.js'
import { KernelRun, RunControls } from './kernel-run.js'
import { facadeFor } from './facade.js'
import { type Hooks, createHooks } from './hooks.js'
import { namedPlugin } from './describe-plugin.js'
import type { Paths, Plugin, Prepared } from './plugin.js'
import type { PluginStage } from './stages.js'

/** A plugin whose options have been checked. */
export interface CheckedPlugin {
  readonly plugin: Plugin
  /** The plugin's own `setup`, with the options in it. */
  readonly setup: Extract<Prepared<PluginStage>, { success: true }>['setup']
}

/** How long one tap may take, in milliseconds, by hook; `default` for all others. */
export interface TimeLimits {
  readonly default: number
  readonly [hook: string]: number
}

/** What a kernel is made of. */
export interface KernelParts {
  /** In the order of the config: slots first to last, then `plugins`. */
  readonly plugins: readonly CheckedPlugin[]
  readonly host: HostWriter & AsyncDisposable
  readonly paths: Paths
  readonly timeLimitsMs: TimeLimits
  /** The run's clock. */
  readonly now: () => Date
  /** A stream of numbers in 0..1 by its name. */
  readonly random: (stream: string) => () => number
  /** Warnings, with the plugin that gave them. */
  readonly log: (plugin: string, message: string) => void
  /** Stops what belongs to no run, such as setup. A run has its own. */
  readonly signal?: AbortSignal
}

/** The tiny kernel: hooks, the plugins that tap them, and one end for everything that was opened. */
export class Kernel implements AsyncDisposable {
  readonly hooks: Hooks
  /** What belongs to no other run: setup, configure and dispose. */
  readonly own: KernelRun
  readonly #runs = new RunControls()
  #last: Call | null = null
  readonly #parts: KernelParts
  readonly #workload: string | null
  #catalogue = new Catalogue([])
  #disposal: Promise<void> | null = null

  private constructor(parts: KernelParts) {
    this.#parts = parts
    const workload = this.plugins.find(({ stage }) => stage === 'workload')
    this.#workload = workload === undefined ? null : namedPlugin(workload)
    this.hooks = createHooks(this.#runs)
    this.own = this.begin()
  }

  /** Sets up every plugin and fills the catalogue. What was opened before a failure is closed again. */
  static async create(parts: KernelParts): Promise<Kernel> {
    const kernel = new Kernel(parts)
    try {
      for (const { plugin, setup } of parts.plugins) await kernel.#setup(plugin, setup)
      for (const hook of Object.values(kernel.hooks)) hook.seal()
      kernel.#nameIdle()
      const draft = await kernel.hooks.configure.run(new KnobsDraft(), kernel.context())
      kernel.#catalogue = draft.finish()
      return kernel
    } catch (error) {
      for (const hook of Object.values(kernel.hooks)) hook.seal()
      await kernel.dispose().catch((disposal: unknown) => parts.log('semantos', messageOf(disposal)))
      throw error
    }
  }

  /** In the order of the config. */
  get plugins(): readonly Plugin[] {
    return this.#parts.plugins.map(({ plugin }) => plugin)
  }

  /** Every knob that knowledge plugins have added. */
  get catalogue(): Catalogue {
    return this.#catalogue
  }

  /** The reading half of the host interface. */
  get host(): HostReader {
    return this.#parts.host
  }

  /** Who was asked last, and in which hook. */
  get lastAsked(): { readonly plugin: string; readonly hook: string } | null {
    return this.#last
  }

  /** The run's clock. */
  now(): Date {
    return this.#parts.now()
  }

  /** Begins a run: aborting it touches no other. What is not given, its signal as well, is the kernel's own. */
  begin(own: Partial<Pick<KernelParts, 'now' | 'random' | 'log' | 'signal'>> = {}): KernelRun {
    const { now, random, log, signal, timeLimitsMs } = this.#parts
    const limitMs = (hook: string) => timeLimitsMs[hook] ?? timeLimitsMs.default
    return new KernelRun({ now, random, log, ...(signal && { signal }), ...own, workload: this.#workload, limitMs, began: (call) => void (this.#last = call) }, this.#runs)
  }

  /** The context of a call that belongs to no run. */
  context(): CallContext {
    return this.own.context()
  }

  /** Closes everything, newest first, all of it even when some fail. Closing twice is closing once. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#close()
    return this.#disposal
  }

  /** As `dispose`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  async #close(): Promise<void> {
    const failed = await this.hooks.dispose.settle(null, this.context())
    const failures: unknown[] = [...failed]
    try {
      await this.#parts.host[Symbol.asyncDispose]()
    } catch (error) {
      failures.push(error)
    }
    if (failures.length === 0) return
    throw new SemantosError('SEMANTOS_E_DISPOSE', {
      message: `could not close everything: ${failures.map(messageOf).join('; ')}`,
      place: failed[0]?.place ?? null,
      plugin: failed.length > 0 ? [...new Set(failed.map(({ plugin }) => plugin))].join(' and ') : null,
      hook: failed.length > 0 ? 'dispose' : null,
      cause: new AggregateError(failures),
    })
  }

  /** A plugin that forgot to tap would be silently without effect. */
  #nameIdle(): void {
    const tapping = new Set(Object.values(this.hooks).flatMap((hook) => hook.taps.map(({ plugin }) => plugin)))
    for (const { id } of this.plugins) if (!tapping.has(id)) this.#parts.log(id, 'registers no hooks and will never run')
  }

  #setup(plugin: Plugin, setup: CheckedPlugin['setup']): Promise<void> {
    const { host, paths } = this.#parts
    return new Call('setup', plugin.id, 'setup', this.own.control).run(
      () => setup({ hooks: facadeFor(plugin, this.hooks), host: plugin.stage === 'applier' ? host : readOnly(host), paths, perRun }),
      () => undefined,
      rethrow,
    )
  }
}

/** The host interface without its writing half, also for plugins in plain JavaScript. */
function readOnly(host: HostReader): HostReader {
  return {
    root: host.root,
    open: (path) => host.open(path),
    list: (path) => host.list(path),
    link: (path) => host.link(path),
    readKnob: (knob) => host.readKnob(knob),
  }
}

/** State that each run gets anew, found again by the context of any of its calls; it goes with the run. */
function perRun<State>(create: () => State): (context: CallContext) => State {
  const states = new WeakMap<CallControl, State>()
  return (context) => {
    const control = Call.controlOf(context)
    if (!control) throw new SemantosError('SEMANTOS_E_PLUGIN_HOOK', { message: 'the state of a run was asked for without the context of one of its calls', next: 'Hand the context on whole: a copy by `...` belongs to no run.' })
    const known = states.get(control)
    if (known !== undefined) return known
    const state = create()
    states.set(control, state)
    return state
  }
}
