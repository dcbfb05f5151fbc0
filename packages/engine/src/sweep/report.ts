import type { Edge, KnobRef, Setting } from '@semantos/core'

/** One pair of knobs, at the values tried. Effects and interaction in percent of the baseline's p95, below 0 for faster. */
export interface PairResult {
  readonly settings: readonly [Setting, Setting]
  readonly first_alone_pct: number
  readonly second_alone_pct: number
  readonly both_pct: number
  readonly interaction_pct: number
  readonly interval_pct: readonly [number, number]
  readonly p_value: number
  /** After Holm, over all pairs of the sweep. */
  readonly p_adjusted: number
  readonly kind: 'synergizes_with' | 'conflicts_with' | null
}

/** A whole sweep: every pair that was tried, and the edges that follow. */
export interface SweepReport {
  readonly kind: 'semantos-sweep'
  readonly schema_version: 1
  readonly run: string
  readonly time: string
  readonly seed: number
  readonly workload: string
  readonly rounds: number
  readonly trials: number
  readonly baseline_p95_ms: number
  readonly pairs: readonly PairResult[]
  readonly edges: readonly Edge[]
  /** Knobs and pairs that were left out, and why. */
  readonly left_out: readonly { readonly what: string; readonly reason: string }[]
  /** Against the interactions that the workload says it has; null where it says nothing. */
  readonly truth: Truth | null
}

/** Shares from 0 to 1 of the edges found that are true, and of the true ones that were found. */
export interface Truth {
  readonly precision: number
  readonly recall: number
  readonly missed: readonly string[]
  readonly invented: readonly string[]
}

/** What a sweep is asked to do. */
export interface SweepSettings {
  readonly run: string
  readonly seed: number
  readonly slo: { readonly p95_ms: number }
  readonly knobs: readonly string[]
  /** Rounds of each arm. */
  readonly rounds: number
  readonly settleMs: number
  /** Leave to change values of the running kernel. */
  readonly apply: boolean
  /** Smaller interactions, in percent of the baseline's p95, are not kept. */
  readonly minInteractionPct: number
  readonly alpha: number
  /** What the workload says of itself, or null. */
  readonly truth: readonly KnownInteraction[] | null
  /** Called after every trial, for progress. */
  readonly onTrial: (done: number, what: string) => void
}

/** An interaction that a workload publishes: the knobs in any order. */
export interface KnownInteraction {
  readonly knobs: readonly [KnobRef, KnobRef]
  readonly kind: 'synergizes_with' | 'conflicts_with'
}
