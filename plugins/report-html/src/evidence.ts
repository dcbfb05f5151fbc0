import type { TuneReport, TuneTrial } from '@semantos/core'
import { median } from '@semantos/stats'
import { BASELINE, comparedOf } from './arms.js'

/** One number that the kernel or the workload counted, in the trials of two arms. */
export interface Moved {
  readonly name: string
  readonly unit: string
  readonly before: Spread
  readonly after: Spread
  /** No trial of one arm lies within the range of the other. */
  readonly apart: boolean
  /** 0 (the same) to 1 (one of the medians is 0) and 2 (the sign changed). */
  readonly change: number
}

export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

export interface Evidence {
  readonly before: string
  readonly after: string
  readonly beforeTrials: number
  readonly afterTrials: number
  /** What the setting was proposed for first, then those that changed most; what stayed the same is left out. */
  readonly moved: readonly Moved[]
}

/**
 * What was kept against the baseline, or, where nothing was kept, the comparison that came nearest. Only trials of interleaved
 * blocks count, since they ran under the same conditions. Null where nothing was compared.
 */
export function evidenceOf(report: TuneReport): Evidence | null {
  const compared = comparedOf(report)
  const kept = compared.findLast(({ comparison }) => comparison.kept)
  const gain = ({ comparison }: (typeof compared)[number]) => (report.goal === 'throughput' ? -1 : 1) * Math.log(comparison.effects[report.goal].ratio)
  const shown = kept ?? [...compared].sort((a, b) => gain(a) - gain(b))[0]
  if (!shown) return null
  const blocks = report.trials.filter(({ phase }) => phase === 'confirm')
  const beforeArm = kept ? BASELINE : shown.against
  const before = blocks.filter(({ arm }) => arm === beforeArm).map(countsOf)
  const after = blocks.filter(({ arm }) => arm === shown.arm).map(countsOf)
  const units = new Map(report.snapshot.metrics.map(({ name, unit }) => [name, unit]))
  const names = [...new Set([...before, ...after].flatMap((counts) => Object.keys(counts)))]
  const moved = names.flatMap((name) => movedOf(name, units.get(name) ?? '', before, after))
  const cited = citedFor(report, compared.filter(({ comparison }) => comparison === shown.comparison || (kept && comparison.kept)).flatMap(({ comparison }) => comparison.settings))
  moved.sort((a, b) => Number(cited.has(b.name)) - Number(cited.has(a.name)) || Number(b.apart) - Number(a.apart) || b.change - a.change || a.name.localeCompare(b.name))
  return { before: beforeArm, after: shown.arm, beforeTrials: before.length, afterTrials: after.length, moved }
}

/** The telemetry that led to these settings. */
function citedFor({ plan }: TuneReport, settings: TuneReport['kept']): ReadonlySet<string> {
  const knobs = new Set(settings.map(({ knob }) => knob))
  return new Set(plan.recommendations.filter(({ knob }) => knobs.has(knob)).flatMap(({ cues }) => cues.map(({ metric }) => metric)))
}

function countsOf({ metrics, result }: TuneTrial): Record<string, number> {
  return { ...Object.fromEntries(Object.entries(result.counters).map(([name, value]) => [`counter.${name}`, value])), ...metrics }
}

function movedOf(name: string, unit: string, before: readonly Record<string, number>[], after: readonly Record<string, number>[]): Moved[] {
  const [old, now] = [spreadOf(name, before), spreadOf(name, after)]
  if (!old || !now || old.median === now.median) return []
  const change = Math.abs(now.median - old.median) / Math.max(Math.abs(now.median), Math.abs(old.median))
  return [{ name, unit, before: old, after: now, apart: old.high < now.low || now.high < old.low, change }]
}

function spreadOf(name: string, counts: readonly Record<string, number>[]): Spread | null {
  const values = counts.flatMap((count) => count[name] ?? [])
  return values.length === 0 ? null : { median: median(values), low: Math.min(...values), high: Math.max(...values) }
}
