import type { Goal, TuneTrial } from '@semantos/core'

/** What a tune is asked to do. */
export interface TuneSettings {
  readonly run: string
  readonly seed: number
  readonly goal: Goal
  readonly slo: { readonly p95_ms: number }
  /** Which knobs may be tried: names with `*` for any characters. */
  readonly knobs: readonly string[]
  /** They were named for this tune, so each is tried, symptom or not. */
  readonly asked: boolean
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
  /** The config's file, for messages; null where a program tunes by itself. */
  readonly config: string | null
  /** Where the workload stands: a file, or a preset of the config; null where a program hands it over. */
  readonly workloadOrigin: string | null
  /** The run in whose journal the writes stand. */
  readonly journal: string | null
  /** The words of the command line behind the program's name, for the report. */
  readonly command: readonly string[]
  /** The folder in which it was given; empty where a program tunes by itself. */
  readonly folder: string
  /** Before a trial runs; not for one that a resumed tune takes from its log. */
  readonly onStart: (progress: TuneProgress) => void
  /** After each trial, also of one that a resumed tune takes from its log. */
  readonly onTrial: (trial: TuneTrial) => void
}

/** What `semantos tune` does when it is told nothing else. */
export const TUNE_DEFAULTS = {
  goal: 'p95',
  budget: { trials: 60, ms: Number.POSITIVE_INFINITY },
  minEffectPct: 3,
  asked: false,
  alpha: 0.05,
  settleMs: 500,
  guardTolerancePct: 10,
  config: null,
  workloadOrigin: null,
  journal: null,
  command: [],
  folder: '',
  onStart: () => undefined,
  onTrial: () => undefined,
} as const satisfies Partial<TuneSettings>

/** The trial that is about to run. */
export interface TuneProgress {
  readonly phase: TuneTrial['phase']
  readonly number: number
  readonly arm: string
  readonly budget: TuneSettings['budget']
  /** At most; null before there is anything to tell it from. */
  readonly leftMs: number | null
  /** What has been kept so far, with its effect and interval. */
  readonly best: string | null
}
