import type { TuneReport } from '@semantos/core'
import { type Block, type Section, type Text, code, paragraph } from './document.js'
import { figure } from './figures.js'

/** The symptoms: what telemetry showed while the workload ran on the baseline, and what it was held to point to. */
export function foundSection({ plan, snapshot }: TuneReport): Section {
  const units = new Map(snapshot.metrics.map(({ name, unit }) => [name, unit]))
  const named = [
    ...plan.recommendations.flatMap(({ knob, cues }) => cues.map((cue) => ({ ...cue, points: knob }))),
    ...plan.advice.flatMap(({ symptom, cues }) => cues.map((cue) => ({ ...cue, points: symptom }))),
  ]
  const cues = new Map<string, (typeof named)[number][]>()
  for (const cue of named) {
    const key = JSON.stringify([cue.metric, cue.value, cue.because])
    cues.set(key, [...(cues.get(key) ?? []), cue])
  }
  const rows = [...cues.values()].flatMap(([cue, ...more]): Text[][] => {
    if (!cue) return []
    return [[[code(cue.metric)], figure(cue.value), units.get(cue.metric) ?? '', cue.because, [cue, ...more].map(({ points }) => points).join(', ')]]
  })
  const pressures = snapshot.metrics.filter(({ name, value }) => /^pressure\b/.test(name) && value > 0)
  const blocks: Block[] = [
    plan.advice.length === 0
      ? paragraph('No symptom was found that no setting could answer.')
      : { kind: 'list', items: plan.advice.map(({ symptom, text }): Text => [{ strong: symptom }, `: ${text}`]) },
    ...(rows.length === 0
      ? [paragraph('No proposal named the telemetry that led to it.')]
      : [paragraph('What telemetry showed under load, and what it points to:'), table(['metric', 'value', 'unit', 'why it counts', 'points to'], [1], rows)]),
    ...(pressures.length === 0 ? [] : [paragraph('Pressure under load:'), metricTable(pressures)]),
  ]
  return { title: 'What was found', blocks }
}

/** All that was measured: long, so it stands last. */
export function metricsSection({ snapshot }: TuneReport): Section {
  const blocks: Block[] = [{ kind: 'folded', summary: `All ${snapshot.metrics.length} metrics under load`, blocks: [metricTable(snapshot.metrics)] }]
  if (snapshot.missing.length > 0) {
    const missing = snapshot.missing.map(({ name, reason }): Text[] => [[code(name)], reason])
    blocks.push({ kind: 'folded', summary: `${snapshot.missing.length} metrics that this host could not give`, blocks: [table(['metric', 'why not'], [], missing)] })
  }
  return { title: 'All metrics', blocks }
}

function metricTable(metrics: TuneReport['snapshot']['metrics']): Block {
  return table(['metric', 'value', 'unit'], [1], metrics.map(({ name, value, unit }): Text[] => [[code(name)], figure(value), unit]))
}

export function table(columns: readonly string[], numeric: readonly number[], rows: readonly (readonly Text[])[]): Block {
  return { kind: 'table', columns, numeric, rows }
}
