import type { RunReport, Trace } from '@semantos/core'

/** What a run leaves to learn from: what it saw, what it changed, what came of it. Null where it changed nothing. */
export function traceOf({ run, time, workload, snapshot, steps, outcome, evaluation }: RunReport): Trace | null {
  const actions = steps.flatMap(({ applied }) => applied.map(({ knob, before, stored }) => ({ knob, from: before, to: stored })))
  if (actions.length === 0) return null
  return {
    id: run,
    time,
    host: hostOf(snapshot),
    workload: workload ?? 'none',
    metrics: Object.fromEntries(snapshot.metrics.map(({ name, value }) => [name, value])),
    actions,
    improvement_pct: evaluation.improvement_pct,
    verdict: outcome === 'rolled back' ? outcome : evaluation.verdict,
  }
}

function hostOf({ host }: RunReport['snapshot']): Trace['host'] {
  if (!host) return {}
  const { kernel, cpu_model, cpus, numa_nodes, memory_bytes, virtualization } = host
  return { kernel, cpu_model, cpus, numa_nodes, memory_bytes, virtualization }
}
