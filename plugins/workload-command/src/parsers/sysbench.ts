import { type TrialDraft, z } from '@semantos/core'
import { Latencies } from '../reading/latencies.js'
import { Lines } from '../reading/lines.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

export const SysbenchOptions = z.strictObject({ name: z.literal('sysbench') })

/** What the tests add between the histogram and the general statistics. */
const SECTION = /^(?!General statistics:)(?:[A-Z][\w ]*:| +[a-z][\w/, ]*:|[\d.]+ [KMGT]iB transferred ).*$/

const HOW = 'sysbench prints one percentile of its own: run it with --histogram.'

/** sysbench 1.0 with --histogram, any of its tests. What it says before the histogram is passed over. */
export function parseSysbench({ text }: Output): TrialDraft {
  const lines = new Lines('sysbench', text)
  Array.from(lines.each(/^WARNING: /))
  lines.expect(/^sysbench \d/, 'sysbench VERSION')
  Array.from(lines.before(/^(?:Latency histogram|General statistics:)/))
  lines.expect(/^Latency histogram \(values are in milliseconds\)$/, 'Latency histogram (values are in milliseconds)', HOW)
  lines.expect(/^ +value +-+ distribution -+ count$/, 'the head of the histogram')
  const latencies = new Latencies()
  for (const [, ms, count] of lines.each(/^ +(\d{1,9}\.\d+) \|\** +(\d{1,15})$/)) latencies.record(Number(ms) * 1e6, Number(count))

  let errors = 0
  for (const [line] of lines.each(SECTION)) errors += Number(/^ +ignored errors: +(\d+) /.exec(line)?.[1] ?? 0)
  lines.expect(/^General statistics:$/, 'General statistics')
  const [, seconds] = lines.expect(/^ +total time: +(\d+\.\d+)s$/, 'total time')
  const [, events] = lines.expect(/^ +total number of events: +(\d+)$/, 'total number of events')
  lines.expect(/^Latency \(ms\):$/, 'Latency (ms)')
  lines.expect(/^ +min: +[\d.]+$/, 'min')
  lines.expect(/^ +avg: +[\d.]+$/, 'avg')
  const [, max] = lines.expect(/^ +max: +(\d{1,9}\.\d+)$/, 'max')
  lines.expect(/^ +(?:\d+th percentile|percentile stats): +\S+$/, 'a percentile')
  lines.expect(/^ +sum: +[\d.]+$/, 'sum')
  lines.expect(/^Threads fairness:$/, 'Threads fairness')
  lines.expect(/^ +events \(avg\/stddev\): +\S+$/, 'events (avg/stddev)')
  lines.expect(/^ +execution time \(avg\/stddev\): +\S+$/, 'execution time (avg/stddev)')
  lines.end()

  if (latencies.count === 0 || Number(seconds) === 0) throw noneSucceeded('sysbench')
  if (latencies.count !== Number(events)) throw unusable('sysbench', `the histogram holds ${latencies.count} of ${String(events)} events`, 'Run it again.')
  latencies.recordLargest(Number(max) * 1e6)
  return { latency: latencies.percentiles, throughput_per_s: latencies.count / Number(seconds), requests: latencies.count, errors, counters: {} }
}
