import { type Edge, type Knob, type KnobName, type Metric, type Plan, type Present, type Situation, splitRef } from '@semantos/core'
import { groupBy } from './group-by.js'

/** What a prompt is made from. */
export type Subject = Pick<Situation, 'snapshot' | 'evidence' | 'current' | 'catalogue' | 'slo'>

/** A knob that this host has and lets us write, on each device, with how much speaks for showing it. */
export interface Candidate {
  readonly knob: Knob
  readonly readings: readonly Present[]
  readonly score: number
}

/**
 * The knobs that may be changed, most relevant first; equal ones by name. In this order of weight: the plan so far names it;
 * metrics that point to it were measured and are not zero (one that points to few knobs says more than one that points to
 * many); a past run that changed it got better; an edge ties it to a knob of the plan.
 */
export function rankKnobs({ catalogue, current, evidence, snapshot }: Subject, plan: Plan): readonly Candidate[] {
  const planned = new Set(plan.recommendations.map(({ knob }) => splitRef(knob).name))
  const helped = new Set(evidence.traces.filter(({ improvement_pct }) => (improvement_pct ?? 0) > 0).flatMap(({ actions }) => actions.map(({ knob }) => splitRef(knob).name)))
  const active = new Set(snapshot.metrics.filter(({ value }) => value !== 0).map(({ name }) => family(name)))
  const knobs = [...writableByKnob(current)].flatMap(([name, readings]) => {
    const knob = catalogue.get(name)
    return knob ? [{ knob, readings: activeDevicesFirst(readings, snapshot) }] : []
  })
  const pointing = new Map<string, number>()
  for (const { knob } of knobs) for (const metric of knob.evidence) pointing.set(metric, (pointing.get(metric) ?? 0) + 1)

  const score = ({ name, evidence: metrics }: Knob) => {
    const cues = metrics.filter((metric) => active.has(metric)).reduce((sum, metric) => sum + 1 / (pointing.get(metric) ?? 1), 0)
    const tied = Math.max(0, ...evidence.edges.filter((edge) => tiesTo(edge, name, planned)).map(({ weight }) => weight))
    return (planned.has(name) ? 100 : 0) + Math.min(cues, 10) + (helped.has(name) ? 1 : 0) + tied
  }
  return knobs
    .map(({ knob, readings }) => ({ knob, readings, score: score(knob) }))
    .sort((a, b) => b.score - a.score || (a.knob.name < b.knob.name ? -1 : 1))
}

/** The name of a metric without its device. */
function family(metric: string): string {
  return metric.replace(/\[.*$/, '')
}

function tiesTo({ from, to }: Edge, name: KnobName, planned: ReadonlySet<KnobName>): boolean {
  return (from === name && planned.has(to)) || (to === name && planned.has(from))
}

function writableByKnob(current: Subject['current']): Map<KnobName, Present[]> {
  const readings = [...current.keys()].sort().flatMap((ref) => {
    const reading = current.get(ref)
    return reading?.status === 'present' && reading.writable ? [reading] : []
  })
  return groupBy(readings, ({ knob }) => splitRef(knob).name)
}

function activeDevicesFirst(readings: readonly Present[], { metrics }: Subject['snapshot']): readonly Present[] {
  const busy = new Set(metrics.filter(({ value }) => value !== 0).map(({ name }) => deviceOf(name)))
  const rank = ({ knob }: Present) => (busy.has(deviceOf(knob)) ? 0 : 1)
  return [...readings].sort((a, b) => rank(a) - rank(b))
}

function deviceOf(name: string): string | null {
  return /\[(.*)\]$/.exec(name)?.[1] ?? null
}

/** First the goal's metric, then those that point to the most relevant knobs, then the rest, each by name. */
export function rankMetrics({ snapshot }: Subject, candidates: readonly Candidate[]): readonly Metric[] {
  const place = new Map<string, number>()
  for (const [index, { knob }] of candidates.entries()) for (const name of knob.evidence) if (!place.has(name)) place.set(name, index)
  const rank = (name: string) => (name === 'p95_ms' ? -1 : (place.get(family(name)) ?? candidates.length))
  return [...snapshot.metrics].sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1))
}
