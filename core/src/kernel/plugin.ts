import { z } from 'zod'
import type { CallContext } from './contexts.js'
import type { HostReader, HostWriter } from './host-interface.js'
import { SemantosError } from './errors.js'
import type { Tappable } from './hook.js'
import type { HookName, Hooks } from './hooks.js'
import type { LIFECYCLE, PluginStage, STAGES, Stage } from './stages.js'

/** The version of this contract. A plugin made for another one is refused. */
export const API_VERSION = 1

/** What a plugin may tap: by type here, and by what it is handed at run time. */
type HooksOf<S extends PluginStage> = S extends Stage ? (typeof STAGES)[S]['hooks'][number] | (typeof LIFECYCLE)[number] : HookName

type Facade<H> = H extends { for(plugin: string): Tappable<infer Subject, infer Context, infer Result> } ? Tappable<Subject, Context, Result> : never

/** The hooks that a plugin of this stage may tap, by name. */
export type StageHooks<S extends PluginStage> = { readonly [K in HooksOf<S>]: Facade<Hooks[K]> }

/** Where files go, absolute. Plugins take a default from here where the user named none. */
export interface Paths {
  /** The folder of the config file. */
  readonly base: string
  /** The file that the sandbox applier writes instead of the kernel. */
  readonly sandbox: string
  /** The folder of what is remembered from run to run. */
  readonly knowledge: string
  /** The folder of reports. */
  readonly results: string
  /** The folder of `sysctl_backup.json`: the values as they were before a run that writes. */
  readonly backup: string
}

/** What `setup` is handed. Only an applier gets the writing door. */
export interface PluginKernel<S extends PluginStage> {
  readonly hooks: StageHooks<S>
  readonly host: S extends 'applier' ? HostWriter : HostReader
  readonly paths: Paths
  /**
   * State that each run gets anew: `const samples = kernel.perRun(() => [])`, then `samples(context)` in a tap. One plugin serves
   * several runs at once, so what belongs to a run must not stand in a variable of `setup`.
   */
  perRun<State>(this: void, create: () => State): (context: CallContext) => State
}

/** What a plugin says of itself. */
export interface PluginSpec<S extends PluginStage, O extends z.ZodType> {
  /** The package's name. */
  readonly name: string
  readonly stage: S
  /** The version of the contract it was written for: 1. */
  readonly api: number
  /** `import.meta.url`, so that the package's version can be shown. */
  readonly from?: string
  /**
   * Of a workload: it measures this machine, which sees values of the running kernel and none of a sandbox; false where it is not said.
   * Of an applier: it changes this machine, so that a run that applies needs root, a journal and a guard; true where it is not said.
   */
  readonly live?: boolean
  /** A strict object: an option that nobody reads is a mistake of the user's. */
  readonly options: O
  /** Taps hooks and opens nothing that `dispose` does not close. */
  setup(kernel: PluginKernel<S>, options: z.output<O>): void | Promise<void>
}

const PLUGIN_BRAND = Symbol.for('semantos.plugin')

/** A plugin with its options, not yet checked: they are checked when the config is loaded, so that the message can say where. */
export interface Plugin<S extends PluginStage = PluginStage> {
  readonly [PLUGIN_BRAND]: true
  readonly name: string
  /** The name, and `#id` behind it for a second instance. */
  readonly id: string
  readonly stage: S
  readonly api: number
  readonly from: string | null
  /** It measures or changes this machine, and no model of one. */
  readonly live: boolean
  /** The options as written: unchecked, and without defaults. */
  readonly written: unknown
  readonly optionsSchema: z.ZodType
  /** Checks the options; never throws. */
  prepare(): Prepared<S>
  /** The same plugin with these options over what was written, as the command line gives them. */
  with(options: Readonly<Record<string, unknown>>): Plugin<S>
}

/** Options that were checked: setup with them, or what is wrong with them. */
export type Prepared<S extends PluginStage> =
  | {
      readonly success: true
      /** The plugin's own `setup`, with the options in it. */
      setup(this: void, kernel: PluginKernel<S>): void | Promise<void>
    }
  | { readonly success: false; readonly error: z.ZodError }

const FACTORY_BRAND = Symbol.for('semantos.plugin-factory')

/** Makes a plugin from options: `procfs({ window_ms: 500 })`. An `id` tells a second instance from the first. */
export interface PluginFactory<S extends PluginStage, O extends z.ZodType> {
  (options?: z.input<O>, instance?: { readonly id: string }): Plugin<S>
  readonly [FACTORY_BRAND]: true
  readonly pluginName: string
  readonly stage: S
}

/** What the types say of a spec, for plugins in plain JavaScript. Its stage and version are checked with the config. */
const Spec = z.object({
  name: z.string("must be the package's name"),
  stage: z.string('must be the name of a stage'),
  api: z.number(`must be the number ${API_VERSION}`),
  options: z.custom((options) => typeof options === 'object' && options !== null && 'safeParse' in options, 'must be a zod schema, such as z.strictObject({})'),
  setup: z.custom((setup) => typeof setup === 'function', 'must be a function'),
})

/** Declares a plugin: its stage, its options, and what it taps. Throws SEMANTOS_E_PLUGIN_INVALID where one is missing. */
export function definePlugin<const S extends PluginStage, O extends z.ZodType>(spec: PluginSpec<S, O>): PluginFactory<S, O> {
  const checked = Spec.safeParse(spec)
  if (!checked.success) {
    const wrong = checked.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    throw new SemantosError('SEMANTOS_E_PLUGIN_INVALID', { message: `definePlugin was handed a wrong spec: ${wrong.join('; ')}`, next: 'Correct what is handed to definePlugin.' })
  }
  const make = (written: unknown, id: string, from: string | null): Plugin<S> => ({
    [PLUGIN_BRAND]: true,
    name: spec.name,
    id,
    stage: spec.stage,
    api: spec.api,
    from,
    // What may write is taken to write until it says otherwise.
    live: spec.live ?? spec.stage === 'applier',
    written,
    optionsSchema: spec.options,
    prepare: () => {
      const parsed = spec.options.safeParse(written)
      if (!parsed.success) return { success: false, error: parsed.error }
      return { success: true, setup: (kernel) => spec.setup(kernel, parsed.data) }
    },
    // Where it was found is known to whoever found it, not to the plugin.
    with(options) {
      return make({ ...(typeof written === 'object' ? written : {}), ...options }, this.id, this.from)
    },
  })
  const factory = (written?: z.input<O>, instance?: { readonly id: string }): Plugin<S> =>
    make(written ?? {}, instance ? `${spec.name}#${instance.id}` : spec.name, spec.from ?? null)
  return Object.assign(factory, { [FACTORY_BRAND]: true as const, pluginName: spec.name, stage: spec.stage })
}

/** True for a plugin made by any copy of this package. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && PLUGIN_BRAND in value
}

/** True for what `definePlugin` returns. */
export function isPluginFactory(value: unknown): value is PluginFactory<PluginStage, z.ZodType> {
  return typeof value === 'function' && FACTORY_BRAND in value
}
