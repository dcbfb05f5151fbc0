import { metricValue, type ObservationDraft, type StepView } from '@semantos/core'
import { median } from '@semantos/stats'
import type { Options } from './options.js'
import { type Samples, errorPcts, p95sMs, throughputs } from './samples.js'

/** What the step is judged by, after beside before: medians over trials, pressure, and the guard metrics. */
export function* observe(step: StepView, options: Options): Iterable<ObservationDraft> {
  yield* medians('p95_ms', 'ms', p95sMs(step))
  yield* medians('throughput_per_s', 'per_s', throughputs(step))
  yield* medians('error_pct', 'percent', errorPcts(step))
  for (const { name, unit, value } of step.after.snapshot.metrics) {
    if (isPressure(name) || Object.hasOwn(options.guard_metrics, name)) {
      yield { name, unit, before: metricValue(step.before.snapshot, name) ?? null, after: value }
    }
  }
}

function* medians(name: string, unit: string, { before, after }: Samples): Iterable<ObservationDraft> {
  if (after.length > 0) yield { name, unit, before: before.length > 0 ? median(before) : null, after: median(after) }
}

/** Stall time during the window. The kernel's own averages also show what was before the step. */
function isPressure(name: string): boolean {
  return name.startsWith('pressure.') && !name.includes('_avg')
}
