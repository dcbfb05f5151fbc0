import type { Plugin, PluginStage, Stage } from '../kernel/index.js'

/** A plugin by its package's name, for configs in JSON and YAML (TypeScript configs may use it as well). */
export type NamedPlugin = string | { readonly use: string; readonly options?: Readonly<Record<string, unknown>>; readonly id?: string }

/** A plugin, or its name. */
export type SlotEntry<S extends PluginStage> = Plugin<S> | NamedPlugin
/** One plugin, or a list in the order in which they run. */
export type Slot<S extends PluginStage> = SlotEntry<S> | readonly SlotEntry<S>[]

/** Which plugins stand in which slot. */
export type Slots = { readonly [S in Stage]?: Slot<S> }

/** What a config says beside its plugins. Everything has a default. */
export interface Settings {
  /** Shown by `semantos config`. */
  readonly name?: string
  /** Everything random comes from it. Default 42. */
  readonly seed?: number
  /** Trials before and after. Default 16. */
  readonly trials?: number
  /** Which knobs a run reads and may change, as names with `*` for any characters. Default all: `['*']`. */
  readonly knobs?: readonly string[]
  /** The service-level objective. Default 120 ms. */
  readonly slo?: { readonly p95_ms: number }
  /** `system`, or a fixed ISO time for outputs that are the same bytes. Default `system`. */
  readonly clock?: string
  /** How long one tap of a hook may take, by hook; `default` for all others. Default 30,000 ms, and 600,000 ms for `measure`. */
  readonly time_limits_ms?: Readonly<Record<string, number>>
  /** Where files go, relative to the config. */
  readonly paths?: { readonly sandbox?: string; readonly knowledge?: string; readonly results?: string; readonly backup?: string }
}

/** A config without a file: what a preset package exports. */
export interface Preset extends Slots, Settings {
  /** Plugins beside the slots; those of stage `any` may tap every hook. */
  readonly plugins?: readonly SlotEntry<'any'>[]
}

/** What `semantos.config.*` exports or holds. */
export interface SemantosConfig extends Preset {
  /** A key named in the config replaces the preset's; nothing is merged. A string is the name of a preset's package. */
  readonly extends?: Preset | string
}

/** Types a config. Checking happens when it is loaded, so that messages can name the place. */
export function defineConfig(config: SemantosConfig): SemantosConfig {
  return config
}
