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
  // Of a few trials, the middle of the resampled medians need not be the median itself.
  const intervalPct: [number, number] = [Math.min(improvementPct, rounded(low, 4) ?? 0), Math.max(improvementPct, rounded(high, 4) ?? 0)]
  const p = Number(mannWhitney(baseline, tuned).p.toPrecision(4))
  const verdict = verdictOf(improvementPct, intervalPct, p, { ...thresholds, trendPct: trend(baseline) })
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

/**
 * What the next arm would seem to improve if the baseline went on as it did from its first half to its second, in percent: the middles
 * of the arms lie twice as far apart as those of the halves. 0 for a baseline too short to have halves.
 */
function trend(baseline: Float64Array): number {
  const middle = Math.floor(baseline.length / 2)
  if (middle < 2) return 0
  const [first, second] = [median(baseline.subarray(0, middle)), median(baseline.subarray(baseline.length - middle))]
  return (2 * improvement(first, second) * first) / median(baseline)
}

/** Judged on the rounded numbers, so that a reader who has only those comes to the same verdict. */
function verdictOf(improvementPct: number, [low, high]: readonly [number, number], p: number, thresholds: Thresholds & { readonly trendPct: number }): Evaluation['verdict'] {
  const { min_effect_pct: minEffectPct, no_difference_pct: noDifferencePct, trendPct } = thresholds
  if (p < SIGNIFICANT_P && low > 0 && improvementPct >= Math.max(minEffectPct, trendPct)) return 'better'
  if (p < SIGNIFICANT_P && high < 0 && improvementPct <= Math.min(-minEffectPct, trendPct)) return 'worse'
  if (low >= -noDifferencePct && high <= noDifferencePct) return 'no difference'
  return 'inconclusive'
}

function inWords(verdict: Evaluation['verdict'], improvementPct: number, [low, high]: readonly [number, number], p: number, thresholds: Thresholds): string {
  const shown = (pct: number) => `${(Number(pct.toFixed(1)) + 0).toFixed(1)}%`
  const between = (one: number, other: number) => `95% interval ${shown(one)} to ${shown(other)}, p ${p < 0.001 ? 'below 0.001' : `= ${p.toPrecision(2)}`}`
  // Improvements are positive, changes of the p95 negative where it fell: the interval has the sign of the number before it.
  const ofChange = between(-high, -low)
  switch (verdict) {
    case 'better':
      return `the median p95 fell by ${shown(improvementPct)} (${between(low, high)})`
    case 'worse':
      return `the median p95 rose by ${shown(-improvementPct)} (${ofChange})`
    case 'no difference':
      return `any change of the median p95 is within ±${thresholds.no_difference_pct}% (${ofChange})`
    case 'inconclusive':
    case 'not measured':
      return `inconclusive: the median p95 changed by ${shown(-improvementPct)} (${ofChange}; a change must be at least ${thresholds.min_effect_pct}% and larger than the baseline's own trend)`
  }
}

/** Null for the median of nothing; never -0. */
function rounded(value: number, digits: number): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) + 0 : null
}
