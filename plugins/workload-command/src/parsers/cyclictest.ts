import { type TrialDraft, z } from '@semantos/core'
import { readJson } from '../reading/json.js'
import { Latencies } from '../reading/latencies.js'
import { Lines } from '../reading/lines.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

export const CyclictestOptions = z.strictObject({ name: z.literal('cyclictest') })

const HOW = 'Run cyclictest with -q and -h US, where US is larger than the largest latency.'
const NS_PER_US = 1000

/** How often each latency was seen, in us, over all threads; `beyond` the end of the table; and the largest. */
interface Histogram {
  readonly counts: readonly (readonly [us: number, count: number])[]
  readonly beyond: number
  readonly maxUs: number
}

/** cyclictest -q -h US, or what it writes with --json=FILE beside -h. One wake-up is one request. */
export function parseCyclictest({ text, seconds }: Output): TrialDraft {
  const { counts, beyond, maxUs } = text.trimStart().startsWith('{') ? fromJson(text) : fromTable(text)
  const latencies = new Latencies()
  for (const [us, count] of counts) latencies.record(us * NS_PER_US, count)
  const wakeUps = latencies.count + beyond
  if (wakeUps === 0) throw noneSucceeded('cyclictest')
  if (beyond > 0.01 * wakeUps) throw unusable('cyclictest', `p99 lies beyond the histogram: ${beyond} of ${wakeUps} wake-ups do, up to ${maxUs} us`, HOW)
  latencies.record(maxUs * NS_PER_US, beyond)
  return { latency: latencies.percentiles, throughput_per_s: wakeUps / seconds, requests: wakeUps, errors: 0, counters: {} }
}

function fromTable(text: string): Histogram {
  const lines = new Lines('cyclictest', text)
  lines.optional(/^# \/dev\/cpu_dma_latency set to /)
  lines.expect(/^# Histogram$/, '# Histogram', HOW)
  const rows = Array.from(lines.each(/^(\d{6,9})((?:[ \t]\d{1,15})+)$/), ([, us, perThread]) => ({ us: Number(us), perThread: numbers(perThread) }))
  lines.expect(/^# Total: [\d ]+$/, '# Total')
  lines.expect(/^# Min Latencies: [\d ]+$/, '# Min Latencies')
  lines.expect(/^# Avg Latencies: [\d ]+$/, '# Avg Latencies')
  const [, max] = lines.expect(/^# Max Latencies:((?: \d{1,9})+)$/, '# Max Latencies')
  const [, overflows] = lines.expect(/^# Histogram Overflows:((?: \d{1,15})+)$/, '# Histogram Overflows')
  lines.expect(/^# Histogram Overflow at cycle number:$/, '# Histogram Overflow at cycle number')
  const threads = Array.from(lines.each(/^# Thread \d+:[\d #a-z]*$/)).length
  if (threads !== numbers(max).length) throw lines.misfit(`# Thread ${threads}`)
  lines.end()
  if (rows.some(({ perThread }) => perThread.length !== threads)) throw unusable('cyclictest', `the histogram has not one column for each of ${threads} threads`, 'Use -h, not -H.')
  return { counts: rows.map(({ us, perThread }) => [us, sum(perThread)]), beyond: sum(numbers(overflows)), maxUs: Math.max(...numbers(max)) }
}

const Thread = z.object({ histogram: z.record(z.string().regex(/^\d{1,9}$/), z.int().min(0)), cycles: z.int().min(0), max: z.int().min(0) })
const Report = z.object({ return_code: z.literal(0), resolution_in_ns: z.literal(0), thread: z.record(z.string(), Thread) })

function fromJson(text: string): Histogram {
  const threads = Object.values(readJson('cyclictest', text, Report).thread)
  const counts = threads.flatMap(({ histogram }) => Object.entries(histogram).map(([us, count]) => [Number(us), count] as const))
  const cycles = sum(threads.map((thread) => thread.cycles))
  return { counts, beyond: Math.max(0, cycles - sum(counts.map(([, count]) => count))), maxUs: Math.max(0, ...threads.map(({ max }) => max)) }
}

function numbers(text: string | undefined): number[] {
  return (text ?? '').trim().split(/[ \t]+/).map(Number)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
