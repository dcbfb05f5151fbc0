import type { Evaluation } from '@semantos/core'
import { bootstrapMedians, mannWhitney, median } from '@semantos/stats'

export interface Thresholds {
  readonly min_effect_pct: number
  readonly no_difference_pct: number
  readonly resamples: number
}

/** Below this p value, and with an interval that excludes zero, a difference counts. */
const SIGNIFICANT_P = 0.05

/** Compares the p95s (ms) of two arms. `random` draws the resamples. */
export function judge(baseline: Float64Array, tuned: Float64Array, thresholds: Thresholds, random: () => number): Evaluation {
  const medians = { baseline_p95_ms: rounded(median(baseline), 6), tuned_p95_ms: rounded(median(tuned), 6) }
  const trials = Math.min(baseline.length, tuned.length)
  const reason = unmeasured(baseline, tuned)
  if (reason) return { trials, ...medians, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: reason }

  const improvementPct = rounded(improvement(median(baseline), median(tuned)), 4) ?? 0
  const [low, high] = bootstrapMedians(baseline, tuned, improvement, { random, resamples: thresholds.resamples })
  const intervalPct: [number, number] = [rounded(low, 4) ?? 0, rounded(high, 4) ?? 0]
  const p = Number(mannWhitney(baseline, tuned).p.toPrecision(4))
  const verdict = verdictOf(improvementPct, intervalPct, p, thresholds)
  const words = inWords(verdict, improvementPct, intervalPct, p, thresholds)
  return { trials, ...medians, improvement_pct: improvementPct, interval_pct: intervalPct, p_value: p, verdict, words }
}

function unmeasured(baseline: Float64Array, tuned: Float64Array): string | null {
  if (baseline.length === 0 && tuned.length === 0) return 'no trial was run'
  if (tuned.length === 0) return 'no trial was run after the change'
  if (baseline.length === 0) return 'no trial was run before the change'
  if (baseline.some((p95Ms) => p95Ms <= 0)) return 'a trial before the change has a p95 of 0 ms, so there is nothing to take a percentage of'
  return null
}

/** Percent of the baseline; positive is faster. */
function improvement(baselineMs: number, tunedMs: number): number {
  return ((baselineMs - tunedMs) / baselineMs) * 100
}

/** Judged on the rounded numbers, so that a reader who has only those comes to the same verdict. */
function verdictOf(improvementPct: number, [low, high]: readonly [number, number], p: number, thresholds: Thresholds): Evaluation['verdict'] {
  const { min_effect_pct: minEffectPct, no_difference_pct: noDifferencePct } = thresholds
  if (p < SIGNIFICANT_P && low > 0 && improvementPct >= minEffectPct) return 'better'
  if (p < SIGNIFICANT_P && high < 0 && improvementPct <= -minEffectPct) return 'worse'
  if (low >= -noDifferencePct && high <= noDifferencePct) return 'no difference'
  return 'not enough evidence'
}

function inWords(verdict: Evaluation['verdict'], improvementPct: number, [low, high]: readonly [number, number], p: number, thresholds: Thresholds): string {
  const shown = (pct: number) => `${pct.toFixed(1)}%`
  const interval = `95% interval ${shown(low)} to ${shown(high)}, p ${p < 0.001 ? 'below 0.001' : `= ${p.toPrecision(2)}`}`
  switch (verdict) {
    case 'better':
      return `the median p95 fell by ${shown(improvementPct)} (${interval})`
    case 'worse':
      return `the median p95 rose by ${shown(-improvementPct)} (${interval})`
    case 'no difference':
      return `any change of the median p95 is within ±${thresholds.no_difference_pct}% (${interval})`
    case 'not enough evidence':
    case 'not measured':
      return `the trials cannot tell: the median p95 changed by ${shown(-improvementPct)} (${interval}; a change of less than ${thresholds.min_effect_pct}% does not count)`
  }
}

/** Null for the median of nothing; never -0. */
function rounded(value: number, digits: number): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) + 0 : null
}
