import type { Comparison, Goal, TrialResult, TuneReport, TuneTrial } from '@semantos/core'
import { median } from '@semantos/stats'
import type { Role } from './document.js'

export const BASELINE = 'baseline'

/** Everything that was measured under one setting. */
export interface Arm {
  readonly id: string
  /** `A`, `B` and on, in the order of their first trials; empty for the baseline. */
  readonly letter: string
  readonly role: Role
  readonly trials: readonly TuneTrial[]
  /** The goal's number in each trial. */
  readonly values: readonly number[]
  /** NaN without trials. */
  readonly median: number
  /** The comparison that decided on it. */
  readonly compared: Compared | null
}

/** A comparison with the arms that stood in it: a candidate is tried on top of what was kept before it. */
export interface Compared {
  readonly comparison: Comparison
  readonly arm: string
  readonly against: string
}

export function comparedOf(report: TuneReport): Compared[] {
  let incumbent = BASELINE
  return report.comparisons.map((comparison) => {
    const against = incumbent
    const arm = against === BASELINE ? comparison.candidate : `${against} ${comparison.candidate}`
    if (comparison.kept) incumbent = arm
    return { comparison, arm, against }
  })
}

/** The baseline first, then the others in the order of their first trials. */
export function armsOf(report: TuneReport): Arm[] {
  const compared = comparedOf(report)
  const ids = [...new Set(report.trials.map(({ arm }) => arm))].filter((id) => id !== BASELINE)
  return [BASELINE, ...ids].map((id, index) => {
    const trials = report.trials.filter(({ arm }) => arm === id)
    const values = trials.map(({ result }) => goalValue(result, report.goal))
    const decided = compared.find(({ arm }) => arm === id) ?? null
    const role = id === BASELINE ? 'baseline' : decided === null ? 'screened' : decided.comparison.kept ? 'kept' : 'compared'
    return { id, letter: id === BASELINE ? '' : letterOf(index - 1), role, trials, values, median: values.length === 0 ? Number.NaN : median(values), compared: decided }
  })
}

/** `A` to `Z`, then `AA` and on. */
function letterOf(index: number): string {
  return `${index < 26 ? '' : letterOf(Math.floor(index / 26) - 1)}${String.fromCharCode(65 + (index % 26))}`
}

/** Below a microsecond nothing is told apart; so a logarithm always exists. */
export function goalValue(result: TrialResult, goal: Goal): number {
  return Math.max(0.001, goal === 'throughput' ? result.throughput_per_s : result.latency[`${goal}_ms`])
}

export function goalUnit(goal: Goal): string {
  return goal === 'throughput' ? 'per s' : 'ms'
}
