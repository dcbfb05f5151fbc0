import type { Plan, RunReport } from '@semantos/core'
import type { RunListener } from '../run/events.js'

/** What one run is asked to do. */
export interface RunSettings {
  readonly run: string
  readonly seed: number
  readonly trials: number
  /** Which knobs may be read and changed: names with `*` for any characters. */
  readonly knobs: readonly string[]
  readonly slo: { readonly p95_ms: number }
  /** May values of a running system be changed? What is not live (a sandbox) needs no permission. */
  readonly apply: boolean
  /** Only say what would change: no trial, no report, not one byte written. */
  readonly planning: boolean
  /** A plan made before, which no reasoner changes any more; null: reason now. */
  readonly plan: Plan | null
  /** Makes what was applied stay, once all reports are on the disk and before any has its name; throws to have it rolled back. */
  readonly settle: (report: RunReport) => Promise<void>
  /** Is told what happens, as it happens. */
  readonly emit: RunListener
}
