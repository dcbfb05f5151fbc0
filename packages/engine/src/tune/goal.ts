import type { Goal, TrialResult, TuneTrial } from '@semantos/core'
import { median } from '@semantos/stats'

/** Latencies below a microsecond are not told apart, so that a logarithm always exists. */
const SMALLEST_MS = 0.001

/** The goal's number in one trial. */
export function goalValue(result: TrialResult, goal: Goal): number {
  switch (goal) {
    case 'p50':
      return Math.max(SMALLEST_MS, result.latency.p50_ms)
    case 'p95':
      return Math.max(SMALLEST_MS, result.latency.p95_ms)
    case 'p99':
      return Math.max(SMALLEST_MS, result.latency.p99_ms)
    case 'throughput':
      return Math.max(SMALLEST_MS, result.throughput_per_s)
  }
}

/** 1 where a smaller number is better, -1 where a larger one is. A loss is this times the logarithm of a ratio. */
export function direction(goal: Goal): 1 | -1 {
  return goal === 'throughput' ? -1 : 1
}

/** How much worse a trial was than trials of the baseline usually are; negative for better. */
export function lossAgainst(baselines: readonly TuneTrial[], trial: TuneTrial, goal: Goal): number {
  const usual = median(baselines.map(({ result }) => goalValue(result, goal)))
  return direction(goal) * Math.log(goalValue(trial.result, goal) / usual)
}
