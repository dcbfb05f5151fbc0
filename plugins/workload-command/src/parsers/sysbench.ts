import { type TrialDraft, z } from '@semantos/core'
import { Latencies } from '../reading/latencies.js'
import { Lines } from '../reading/lines.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import { oneOf } from '../reading/one-of.js'
import type { Output } from '../reading/output.js'

export const SysbenchOptions = z.strictObject({ name: z.literal('sysbench') })

/** What it says of its options and of its progress. */
const OPTIONS = oneOf(
  /WARNING: .*/, /Running the test with following options:/, /Number of threads: \d+/, /Target transaction rate: \d+\/sec/, /Report intermediate results every \d+ second\(s\)/,
  /Debug mode enabled\./, /Validation checks: on\./, /Initializing random number generator from (?:current time|seed \(\d+\)\.)/, /Forcing shutdown in \d+ seconds/,
  /No DB drivers specified, using \w+/, /Initializing worker threads\.\.\./, /Threads started!/, /(?:Time|Event) limit exceeded, exiting\.\.\./, /\(last message repeated \d+ times\)/, /Done\./,
)
const PROGRESS = oneOf(/\[ \d+(?:\.\d+)?s \] (?:thds: \d+ (?:eps|tps): .*|queue length: \d+,? concurrency: \d+|reads: [\d.]+ MiB\/s .*|[\d.]+ MiB\/sec)/)

/** What single tests say of themselves. */
const OF_A_TEST = oneOf(
  /Doing (?:CPU performance benchmark|thread subsystem performance test|mutex performance test|.* test)/, /Prime numbers limit: \d+/, /Thread yields per test: \d+ Locks used: \d+/,
  /Running memory speed test with the following options:/, / {2}(?:block|total) size: \d+[KM]iB/, / {2}operation: \w+/, / {2}scope: \w+/,
  /Extra file open flags: .*/, /\d+ files, \S+ each/, /\S+ total file size/, /Block size \S+/, /Number of IO requests: \d+/, /Read\/Write ratio for combined random IO test: [\d.]+/,
  /Merging requests up to \S+ for sequential IO\./, /Periodic FSYNC enabled, calling fsync\(\) each \d+ requests\./, /Calling fsync\(\) (?:at the end of test, Enabled|after each write operation)\./,
  /Using (?:\w+ I\/O mode|checksums validation\.)/,
)

/** What the tests add between the histogram and the general statistics. */
const SECTION = oneOf(
  /CPU speed:/, / +events per second: +[\d.]+/, /Total operations: \d+ \( *[\d.]+ per second\)/, /[\d.]+ MiB transferred \([\d.]+ MiB\/sec\)/,
  /File operations:/, / +(?:reads|writes|fsyncs)\/s: +[\d.]+/, /Throughput:/, / +(?:read|written), MiB\/s: +[\d.]+/,
  / +(?:read|write|fsync): +IOPS=[\d.]+(?: [\d.]+ MiB\/s \([\d.]+ MB\/s\))?/,
  /SQL statistics:/, / +queries performed:/, / +(?:read|write|other|total): +\d+/, / +(?:transactions|queries|ignored errors|reconnects): +\d+ +\([\d.]+ per sec\.\)/,
)

const PERCENTILE = /^ +(?:\d+th percentile|percentile stats): +\S+$/
const HOW = 'sysbench prints one percentile of its own: run it with --histogram.'

/** sysbench 1.0 or 1.1 with --histogram, any of its tests. */
export function parseSysbench({ text }: Output): TrialDraft {
  const lines = new Lines('sysbench', text)
  Array.from(lines.each(/^WARNING: /))
  lines.expect(/^sysbench \d/, 'sysbench VERSION')
  Array.from(lines.each(oneOf(OPTIONS, PROGRESS, OF_A_TEST)))
  lines.expect(/^Latency histogram \(values are in milliseconds\)$/, 'Latency histogram (values are in milliseconds)', HOW)
  lines.expect(/^ +value +-+ distribution -+ count$/, 'the head of the histogram')
  const latencies = new Latencies()
  for (const [, ms, count] of lines.each(/^ +(\d{1,9}\.\d+) \|\** +(\d{1,15})$/)) latencies.record(Number(ms) * 1e6, Number(count))

  let errors = 0
  for (const [line] of lines.each(SECTION)) errors += Number(/^ +ignored errors: +(\d+) /.exec(line)?.[1] ?? 0)
  // 1.1 calls this section Throughput, as both call the one of fileio: that was taken with the lines above.
  if (!lines.optional(/^General statistics:$/)) lines.optional(/^ +events\/s \(eps\): +[\d.]+$/)
  const [, seconds] = lines.expect(/^ +(?:total time|time elapsed): +(\d+\.\d+)s$/, 'General statistics with the total time, or Throughput with the time elapsed')
  const [, events] = lines.expect(/^ +total number of events: +(\d+)$/, 'total number of events')
  lines.expect(/^Latency \(ms\):$/, 'Latency (ms)')
  lines.expect(/^ +min: +[\d.]+$/, 'min')
  lines.expect(/^ +avg: +[\d.]+$/, 'avg')
  const [, max] = lines.expect(/^ +max: +(\d{1,9}\.\d+)$/, 'max')
  lines.expect(PERCENTILE, 'a percentile')
  Array.from(lines.each(PERCENTILE))
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
