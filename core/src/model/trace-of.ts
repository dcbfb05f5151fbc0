import type { Trace } from './evidence.js'
import type { Plan } from './plan.js'
import type { RunReport } from './run.js'
import type { TuneReport } from './tune.js'
import type { HostFacts } from './telemetry.js'

/** What a run leaves to learn from: what it saw, what it changed, what came of it. Null where it changed nothing. */
export function traceOfRun({ run, time, workload, snapshot, plan, steps, outcome, evaluation }: RunReport): Trace | null {
  const actions = steps.flatMap(({ applied }) => applied.map(({ knob, before, stored }) => ({ knob, from: before, to: stored })))
  if (actions.length === 0) return null
  const verdict = outcome === 'rolled back' ? outcome : evaluation.verdict
  return { id: run, time, host: hostOf(snapshot.host), workload: workload ?? 'none', metrics: metricsOf(snapshot.metrics), symptoms: symptomsOf(plan), actions, improvement_pct: evaluation.improvement_pct, verdict }
}

/** What a tune leaves to learn from: one trace for each comparison. Improvements are those of the goal, positive for better. */
export function tracesOfTune({ run, ended, workload, snapshot, plan, comparisons, baseline, goal }: TuneReport): Trace[] {
  return comparisons.map(({ settings, against, verdict, effects }, index) => {
    const { ratio } = effects[goal]
    const before = new Map([...baseline, ...against].map(({ knob, value }) => [knob, value]))
    return {
      id: `${run}/${index + 1}`,
      time: ended,
      host: hostOf(snapshot.host),
      workload,
      metrics: metricsOf(snapshot.metrics),
      symptoms: symptomsOf(plan),
      actions: settings.map(({ knob, value }) => ({ knob, from: before.get(knob) ?? null, to: value })),
      improvement_pct: 100 * (goal === 'throughput' ? ratio - 1 : 1 - ratio),
      verdict,
    }
  })
}

/** A trace is read again at every run: a plan with more cues than this keeps its first. */
const MOST_SYMPTOMS = 32

function symptomsOf({ recommendations, advice }: Plan): string[] {
  return [...new Set([...recommendations, ...advice].flatMap(({ cues }) => cues.map(({ metric }) => metric)))].slice(0, MOST_SYMPTOMS)
}

/** The numbers of a snapshot by name. */
export function metricsOf(metrics: RunReport['snapshot']['metrics']): Trace['metrics'] {
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
}

/** The facts by which hosts are compared: names and serial numbers of a machine are not among them. */
export function hostOf(host: HostFacts | null): Trace['host'] {
  if (!host) return {}
  const { kernel, cpu_model, cpus, numa_nodes, memory_bytes, virtualization } = host
  return { kernel, cpu_model, cpus, numa_nodes, memory_bytes, virtualization }
}
