import { type Look, metricValue, type TrialResult } from '@semantos/core'

/** One number a trial, before and after a step. */
export interface Samples {
  readonly before: readonly number[]
  readonly after: readonly number[]
}

type Looks = { readonly before: Look; readonly after: Look }

/** p95 in milliseconds: of the trials where both looks have some, else the metric `p95_ms` of the telemetry. */
export function p95sMs({ before, after }: Looks): Samples {
  if (before.trials.length > 0) return { before: p95sOf(before.trials), after: p95sOf(after.trials) }
  const metric = ({ snapshot }: Look) => [metricValue(snapshot, 'p95_ms') ?? []].flat()
  return { before: metric(before), after: metric(after) }
}

/** A trial that answered nothing has no p95. */
function p95sOf(trials: readonly TrialResult[]): number[] {
  return trials.filter(({ requests }) => requests > 0).map(({ latency }) => latency.p95_ms)
}

export function throughputs({ before, after }: Looks): Samples {
  const of = ({ trials }: Look) => trials.map(({ throughput_per_s: throughput }) => throughput)
  return { before: of(before), after: of(after) }
}

/** Failed requests of all, in percent. */
export function errorPcts({ before, after }: Looks): Samples {
  const of = ({ trials }: Look) => trials.map(({ errors, requests }) => (100 * errors) / Math.max(errors, requests, 1))
  return { before: of(before), after: of(after) }
}
