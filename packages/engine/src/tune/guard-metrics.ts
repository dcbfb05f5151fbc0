import type { TuneTrial } from '@semantos/core'
import { median } from '@semantos/stats'
import type { Block } from './blocks.js'
import { identicalOf } from './noise.js'
import type { TuneSettings } from './settings.js'

/** A pressure that grows by fewer percentage points than this is taken for noise. */
const PRESSURE_POINTS = 10
/** Whatever the noise, this is damage: a pressure that grows by so many points more, and a latency or a throughput that is worse by this factor. */
const MOST_PRESSURE_POINTS = 30
const MOST_FACTOR = 2

type Metric = (trial: TuneTrial) => number | undefined

/**
 * What got worse beside the goal: the objective, throughput, errors, pressure, free memory. Empty where nothing did. Where identical trials differ by more
 * than the tolerance, so must these; errors and lost memory are damage without that.
 */
export function worsened(blocks: readonly Block[], trials: readonly TuneTrial[], { guardTolerancePct, slo }: Pick<TuneSettings, 'guardTolerancePct' | 'slo'>): string[] {
  const identical = identicalOf(trials)
  const found: string[] = []
  const tolerance = guardTolerancePct / 100
  const apart = (metric: Metric) => Math.min(MOST_FACTOR, ratioOfRange(identical, metric))

  const p95Ms: Metric = ({ result }) => result.latency.p95_ms
  const p95 = change(blocks, p95Ms)
  if (p95 !== null && p95.after > slo.p95_ms && p95.after > p95.before * Math.max(1 + tolerance, apart(p95Ms))) {
    found.push(`p95 ${rounded(p95.before)} -> ${rounded(p95.after)} ms, above the objective of ${slo.p95_ms} ms`)
  }
  const perS: Metric = ({ result }) => result.throughput_per_s
  const throughput = change(blocks, perS)
  if (throughput !== null && throughput.after < throughput.before * Math.min(1 - tolerance, 1 / apart(perS))) found.push(`throughput ${rounded(throughput.before)} -> ${rounded(throughput.after)} per s`)
  const errors = change(blocks, ({ result }) => (result.errors / Math.max(1, result.errors + result.requests)) * 100)
  if (errors !== null && errors.after > errors.before + 0.1) found.push(`errors ${rounded(errors.before)} -> ${rounded(errors.after)}%`)
  // A service that no longer waits for a disk does more, and whoever does more waits more for a CPU: stalls count by the work done.
  const moreWork = throughput === null || throughput.before === 0 ? 1 : Math.max(1, throughput.after / throughput.before)
  for (const name of ['pressure.memory_full_pct', 'pressure.io_full_pct', 'pressure.cpu_some_pct']) {
    const stalled: Metric = ({ metrics }) => metrics[name]
    const pressure = change(blocks, stalled)
    const points = Math.max(PRESSURE_POINTS, Math.min(MOST_PRESSURE_POINTS, range(identical, stalled)))
    if (pressure !== null && pressure.after > pressure.before * moreWork + points) found.push(`${name} ${rounded(pressure.before)} -> ${rounded(pressure.after)}`)
  }
  const memory = change(blocks, ({ metrics }) => metrics['memory.available_bytes'])
  if (memory !== null && memory.after < memory.before / 2) found.push(`memory.available_bytes ${rounded(memory.before)} -> ${rounded(memory.after)}`)
  return found
}

function change(blocks: readonly Block[], metric: Metric): { before: number; after: number } | null {
  const [old, now] = [valuesOf(blocks.map(({ before }) => before), metric), valuesOf(blocks.map(({ after }) => after), metric)]
  return old.length === 0 || now.length === 0 ? null : { before: median(old), after: median(now) }
}

function valuesOf(trials: readonly TuneTrial[], metric: Metric): number[] {
  return trials.map(metric).filter((value) => value !== undefined)
}

function range(trials: readonly TuneTrial[], metric: Metric): number {
  const values = valuesOf(trials, metric)
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values)
}

/** How many times the smallest the largest is. */
function ratioOfRange(trials: readonly TuneTrial[], metric: Metric): number {
  const values = valuesOf(trials, metric)
  if (values.length === 0) return 1
  const smallest = Math.min(...values)
  return smallest > 0 ? Math.max(...values) / smallest : Number.POSITIVE_INFINITY
}

function rounded(value: number): string {
  return Number(value.toPrecision(4)).toString()
}
