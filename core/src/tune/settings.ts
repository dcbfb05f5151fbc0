import type { Goal, TuneTrial } from '../model/tune.js'

/** What a tune is asked to do. */
export interface TuneSettings {
  readonly run: string
  readonly seed: number
  readonly goal: Goal
  readonly slo: { readonly p95_ms: number }
  /** Which knobs may be tried: names with `*` for any characters. */
  readonly knobs: readonly string[]
  readonly budget: { readonly trials: number; readonly ms: number }
  /** Smaller effects are not worth a changed kernel. */
  readonly minEffectPct: number
  /** Chance of keeping anything when nothing helps. */
  readonly alpha: number
  /** Between a change and the trial that measures it. */
  readonly settleMs: number
  /** False: measure the baseline and say what would be tried. */
  readonly apply: boolean
  /** A guard metric may get worse by this much. */
  readonly guardTolerancePct: number
  readonly onTrial: (progress: TuneProgress) => void
}

/** What `semantos tune` does when it is told nothing else. */
export const TUNE_DEFAULTS = {
  goal: 'p95',
  budget: { trials: 60, ms: Number.POSITIVE_INFINITY },
  minEffectPct: 3,
  alpha: 0.05,
  settleMs: 500,
  guardTolerancePct: 10,
} as const satisfies Partial<TuneSettings>

export interface TuneProgress {
  readonly trial: TuneTrial
  readonly budget: TuneSettings['budget']
  readonly elapsedMs: number
  readonly best: string | null
}
