import { type TrialDraft, z } from '@semantos/core'
import { Lines } from '../reading/lines.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

export const WrkOptions = z.strictObject({ name: z.literal('wrk') })

const SUMMARY =
  /^semantos p50_us=(\d+) p95_us=(\d+) p99_us=(\d+) max_us=(\d+) requests=(\d+) duration_us=(\d+) connect=(\d+) read=(\d+) write=(\d+) status=(\d+) timeout=(\d+)$/

const WRK2 = /^ +(?:Thread calibration: |Latency Distribution \(HdrHistogram)/m
const NOT_WRK2 = 'Run wrk itself, or print the latencies of wrk2 as JSON lines for the parser jsonl; wrk2 names its program wrk, too.'

/** wrk's report, and behind it the line that lua/wrk-latency.lua prints: wrk itself prints no p95. */
export function parseWrk({ text }: Output): TrialDraft {
  if (WRK2.test(text)) throw unusable('wrk', 'this is the output of wrk2, which corrects latencies for a fixed rate and has another format', NOT_WRK2)
  const lines = new Lines('wrk', text)
  lines.expect(/^Running \S+ test @ \S/, 'Running … test @ URL')
  lines.expect(/^ +\d+ threads and \d+ connections$/, '… threads and … connections')
  lines.expect(/^ +Thread Stats +Avg/, 'Thread Stats')
  lines.expect(/^ +Latency +\S/, 'Latency')
  lines.expect(/^ +Req\/Sec +\S/, 'Req/Sec')
  if (lines.optional(/^ +Latency Distribution$/)) Array.from(lines.each(/^ +\d+% +[\d.]+(?:us|ms|s|m|h)$/))
  lines.expect(/^ +\d+ requests in \S+, \S+ read$/, '… requests in …')
  lines.optional(/^ +Socket errors: connect \d+, read \d+, write \d+, timeout \d+$/)
  lines.optional(/^ +Non-2xx or 3xx responses: \d+$/)
  lines.expect(/^Requests\/sec: +[\d.]+$/, 'Requests/sec')
  lines.expect(/^Transfer\/sec: +\S+$/, 'Transfer/sec')
  const summary = lines.expect(SUMMARY, 'the line of wrk-latency.lua', 'wrk prints no p95 of its own: run it with -s "$SEMANTOS_WRK_LATENCY".')
  lines.end()

  const [p50 = 0, p95 = 0, p99 = 0, max = 0, completed = 0, durationUs = 0, connect = 0, read = 0, write = 0, status = 0, timeout = 0] = summary.slice(1).map(Number)
  const requests = completed - status
  if (requests <= 0 || durationUs === 0) throw noneSucceeded('wrk')
  return {
    latency: { p50_ms: p50 / 1000, p95_ms: p95 / 1000, p99_ms: p99 / 1000, max_ms: max / 1000 },
    throughput_per_s: (requests / durationUs) * 1e6,
    requests,
    errors: connect + read + write + status + timeout,
    counters: {},
  }
}
