import type { MetricDraft, MissingDraft } from '@semantos/core'
import { percentile, total } from './histogram.js'
import type { Outcome } from './output.js'
import { PROBES, type ProbeName } from './probes.js'

const PERCENTILES = [50, 95, 99] as const

export interface Report {
  readonly metrics: readonly MetricDraft[]
  readonly missing: readonly MissingDraft[]
}

/** A histogram as metrics: how many samples, how many in each bucket, and percentiles where there are samples; else why there are none. */
export function metricsOf(probe: ProbeName, outcome: Outcome): Report {
  const { metric } = PROBES[probe]
  const names = PERCENTILES.map((percent) => ({ name: `${metric}_p${percent}_us`, percent }))
  if ('reason' in outcome) {
    const reason = `not available, because ${outcome.reason}`
    return { metrics: [], missing: [...names.map(({ name }) => name), `${metric}_samples`].map((name) => ({ name, reason })) }
  }
  const samples = { name: `${metric}_samples`, value: total(outcome), unit: 'count' }
  if (samples.value === 0) return { metrics: [samples], missing: names.map(({ name }) => ({ name, reason: 'nothing happened of which a latency could be taken' })) }
  return {
    metrics: [
      samples,
      ...names.map(({ name, percent }) => ({ name, value: percentile(outcome, percent / 100), unit: 'us' })),
      ...outcome.filter(({ count }) => count > 0).map(({ min, count }) => ({ name: `${metric}_samples[from_${min}us]`, value: count, unit: 'count' })),
    ],
    missing: [],
  }
}
