import type { Plugin } from '@semantos/core'
import type { World } from './world/world.js'

/** The plugin under test, with what its author says of it. */
export interface Subject {
  /** A new instance with these options; the given right ones without. */
  readonly plugin: (options?: unknown) => Plugin
  /** The right options as written. */
  readonly options: unknown
  readonly badOptions: readonly unknown[]
  readonly deterministic: boolean
  readonly world: World
}

/** One behaviour of the contract. */
export interface Check {
  /** What the plugin does, as the test's name. */
  readonly name: string
  /** Why it cannot be checked with this plugin; shown as the reason of a skipped test. */
  readonly skip?: (subject: Subject) => string | null
  /** Throws where the plugin does not. */
  readonly run: (subject: Subject) => Promise<void>
}
