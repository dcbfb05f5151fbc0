import { type TrialDraft, z } from '@semantos/core'
import { Lines } from '../reading/lines.js'
import { unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

export const RedisBenchmarkOptions = z.strictObject({
  name: z.literal('redis-benchmark'),
  /** Which line, such as SET; needed where there are several. */
  test: z.string().min(1).optional(),
  /** The CSV does not say how many there were. */
  requests: z.int('must be what -n was given, or 100000 where it was given nothing: the CSV does not say it').min(1),
})

const HEADER = /^"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"$/
const ROW = /^"(.*)","([\d.]+)","([\d.]+)","([\d.]+)","([\d.]+)","([\d.]+)","([\d.]+)","([\d.]+)"$/
/** Before Redis 6.2: name and requests a second, no header. */
const OLD_ROW = /^"(.*)","[\d.]+"$/

/** redis-benchmark --csv of Redis 6.2 and later. */
export function parseRedisBenchmark({ text }: Output, options: z.output<typeof RedisBenchmarkOptions>): TrialDraft {
  const lines = new Lines('redis-benchmark', text)
  if (lines.line !== null && OLD_ROW.test(lines.line) && !HEADER.test(lines.line)) {
    throw lines.misfit('a header and latencies', 'This redis-benchmark prints throughput only: use that of Redis 6.2 or later with --csv.')
  }
  lines.expect(HEADER, 'the header of --csv', 'Run redis-benchmark with --csv.')
  const rows = Array.from(lines.each(ROW), ([, test = '', ...numbers]) => ({ test, numbers: numbers.map(Number) }))
  if (rows.length === 0) throw lines.misfit('a line of results')
  lines.end()

  const row = options.test === undefined && rows.length === 1 ? rows[0] : rows.find(({ test }) => test === options.test)
  if (row === undefined) {
    const names = rows.map(({ test }) => test).join(', ')
    throw unusable('redis-benchmark', `one of the tests must be named: ${names}`, 'Name it with the parser option test, or run one test with -t.')
  }
  const [rps = 0, , , p50 = 0, p95 = 0, p99 = 0, max = 0] = row.numbers
  return {
    latency: { p50_ms: p50, p95_ms: p95, p99_ms: p99, max_ms: max },
    throughput_per_s: rps,
    requests: options.requests,
    errors: 0,
    counters: {},
  }
}
