import type { World } from './world/world.js'

/** `test` of vitest or node:test. */
export type Test = (name: string, run: (context: { skip(reason?: string): unknown }) => Promise<void>) => unknown

/** What the author says of the plugin. Everything has a default. */
export interface Given<O> {
  /** Options that are right. */
  readonly options?: O
  /** Options that must be refused. */
  readonly badOptions?: readonly unknown[]
  /** The plugin promises the same output from the same seed and the same situation. */
  readonly deterministic?: boolean
  /** Why it cannot be asked anything here, such as a program that is missing: every test is skipped with this reason. */
  readonly skip?: string | null
  /** What the plugin is asked about, where the sample will not do. Its `root` files are added to the sample's. */
  readonly world?: Partial<World>
}
