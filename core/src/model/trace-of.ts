import type { Trace } from './evidence.js'
import type { Plan } from './plan.js'
import type { RunReport } from './run.js'
import type { TuneReport } from './tune.js'
import type { HostFacts } from './telemetry.js'

/**
 * What a run or a tune leaves to learn from: what was seen, what was changed, what came of it. A run leaves one trace, and none where it changed
 * nothing; a tune one for each comparison, with improvements of its goal, positive for better.
 */
export function tracesOf(report: RunReport | TuneReport): Trace[] {
  return 'kind' in report ? tracesOfTune(report) : tracesOfRun(report)
}

function tracesOfRun({ run, time, workload, snapshot, plan, steps, outcome, evaluation }: RunReport): Trace[] {
  const actions = steps.flatMap(({ applied }) => applied.map(({ knob, before, stored }) => ({ knob, from: before, to: stored })))
  if (actions.length === 0) return []
  const verdict = outcome === 'rolled back' ? outcome : evaluation.verdict
  return [{ id: run, time, host: hostOf(snapshot.host), workload: workload ?? 'none', metrics: metricsOf(snapshot.metrics), symptoms: symptomsOf(plan), actions, improvement_pct: evaluation.improvement_pct, verdict }]
}

function tracesOfTune({ run, ended, workload, snapshot, plan, comparisons, baseline, goal }: TuneReport): Trace[] {
  return comparisons.map(({ settings, against, verdict, effects }, index) => {
    const { ratio } = effects[goal]
    const before = new Map([...baseline, ...against].map(({ knob, value }) => [knob, value]))
    return {
      id: `${run}/${index + 1}`,
      time: ended,
      host: hostOf(snapshot.host),
      workload: workload.name,
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
