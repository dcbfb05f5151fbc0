import type { Plan } from '@semantos/core'

/** What one run is asked to do. */
export interface RunSettings {
  readonly run: string
  readonly seed: number
  readonly trials: number
  /** Which knobs may be read and changed: names with `*` for any characters. */
  readonly knobs: readonly string[]
  readonly slo: { readonly p95_ms: number }
  /** May values of a running system be changed? What is not live (a sandbox) needs no leave. */
  readonly apply: boolean
  /** Only say what would change: no trial, no report, not one byte written. */
  readonly planning: boolean
  /** A plan made before, which no reasoner changes any more; null: reason now. */
  readonly plan: Plan | null
  /** Called after every trial, for progress. */
  readonly onTrial: (done: number, total: number) => void
}
