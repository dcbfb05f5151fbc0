import { type Cycle, type Metric, type Situation, type Snapshot, type TuneTrial, unitOf } from '@semantos/core'
import { EvidenceDraft, type Kernel, SnapshotDraft } from '@semantos/core/kernel'
import { median } from '@semantos/stats'
import type { KnobState } from '../cycle/knobs.js'

/** What a reasoner sees of a measured baseline: the counters of its trials, medians, over what telemetry shows at rest. */
export async function situationOf(kernel: Kernel, cycle: Cycle, state: KnobState, trials: readonly TuneTrial[]): Promise<Situation> {
  const resting = (await kernel.hooks.collect.run(new SnapshotDraft(), cycle)).finish(cycle.now())
  const metrics = overlaid(resting.metrics, trials)
  const measured = new Set(metrics.map(({ name }) => name))
  // What could not be told at rest may well be told under load.
  const snapshot: Snapshot = { ...resting, metrics, missing: resting.missing.filter(({ name }) => !measured.has(name)) }
  const evidence = (await kernel.hooks.retrieve.run(new EvidenceDraft(), { ...cycle, snapshot })).finish()
  return { ...cycle, snapshot, evidence, current: state.readings }
}

function overlaid(resting: readonly Metric[], trials: readonly TuneTrial[]): Metric[] {
  const metrics = new Map(resting.map((metric) => [metric.name, metric]))
  const names = new Set(trials.flatMap((trial) => Object.keys(trial.metrics)))
  for (const name of names) {
    const value = median(trials.map((trial) => trial.metrics[name]).filter((number) => number !== undefined))
    metrics.set(name, { name, value, unit: metrics.get(name)?.unit ?? unitOf(name) ?? 'none', source: metrics.get(name)?.source ?? 'trials' })
  }
  const latencies: Record<string, number> = {
    p50_ms: median(trials.map(({ result }) => result.latency.p50_ms)),
    p95_ms: median(trials.map(({ result }) => result.latency.p95_ms)),
    p99_ms: median(trials.map(({ result }) => result.latency.p99_ms)),
  }
  for (const [name, value] of Object.entries(latencies)) metrics.set(name, { name, value, unit: 'ms', source: 'trials' })
  return [...metrics.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
