import { type TrialDraft, z } from '@semantos/core'
import { Lines } from '../reading/lines.js'
import { noneSucceeded } from '../reading/misfit.js'
import { oneOf } from '../reading/one-of.js'
import type { Output } from '../reading/output.js'

export const AbOptions = z.strictObject({
  name: z.literal('ab'),
  /** The percentiles of -e: ab prints whole milliseconds only. */
  csv: z.string().min(1).default('ab.csv'),
})

const NAMES = [
  'Server (?:Software|Hostname|Port|Temp Key)', 'SSL/TLS Protocol', 'TLS Server Name', 'Document (?:Path|Length)', 'Concurrency Level', 'Time taken for tests', '(?:Complete|Failed|Keep-Alive) requests',
  'Write errors', 'Non-2xx responses', '(?:Total|HTML) transferred', 'Total (?:body sent|PUT|POSTed)', 'Requests per second', 'Time per request', 'Transfer rate',
]
/** `Name: value`, or a line that says more about the one above it. */
const FIELD = new RegExp(`^(?:(${NAMES.join('|')}):\\s*(.*)| +\\(Connect: .*| +[\\d.]+ kb/s (?:sent|total))$`)

/** ab compares the mean and the median of each time, and doubts or rejects the mean: percentiles do not depend on it. */
const DOUBT = oneOf(
  /WARNING: The median and mean for the .* time are not within a normal deviation/, / +These results are probably not that reliable\./,
  /ERROR: The median and mean for the .* time are more than twice the standard/, / +deviation apart\. These results are NOT reliable\./,
)

/** ab's report, and the percentiles of its -e file. */
export function parseAb(output: Output, { csv }: z.output<typeof AbOptions>): TrialDraft {
  const { completed, failed, perSecond } = readReport(output.text)
  const requests = completed - failed
  if (requests <= 0) throw noneSucceeded('ab')
  const latency = readPercentiles(output.files(csv).map((file) => file.text).join(''))
  return { latency, throughput_per_s: (perSecond * requests) / completed, requests, errors: failed, counters: {} }
}

function readReport(text: string): { completed: number; failed: number; perSecond: number } {
  const lines = new Lines('ab', text)
  lines.expect(/^This is ApacheBench, /, 'This is ApacheBench')
  Array.from(lines.each(/^(?:Copyright|Licensed) /))
  lines.expect(/^Benchmarking /, 'Benchmarking')
  const fields = new Map(Array.from(lines.each(FIELD), ([, name = '', value = '']) => [name, Number.parseFloat(value)]))
  lines.expect(/^Connection Times \(ms\)$/, 'Connection Times (ms)')
  lines.expect(/^ +min +mean\[\+\/-sd\] +median +max$/, 'the head of the connection times')
  for (const name of ['Connect', 'Processing', 'Waiting', 'Total']) lines.expect(new RegExp(`^${name}:(?: +[\\d.]+){5}$`), name)
  Array.from(lines.each(DOUBT))
  lines.expect(/^Percentage of the requests served within a certain time \(ms\)$/, 'Percentage of the requests served within a certain time')
  Array.from(lines.each(/^ +\d\d% +\d+$/))
  lines.expect(/^ +100% +\d+ \(longest request\)$/, '100%')
  lines.end()

  const field = (name: string) => fields.get(name) ?? Number.NaN
  const [completed, perSecond] = [field('Complete requests'), field('Requests per second')]
  // A response with another status often has another length too, and ab counts it in both: the larger is certain, the sum is not.
  const failed = Math.max(field('Failed requests'), fields.get('Non-2xx responses') ?? 0)
  if (Number.isNaN(completed + perSecond + failed)) throw lines.misfit('Complete requests, Failed requests and Requests per second above')
  return { completed, failed, perSecond }
}

function readPercentiles(text: string): TrialDraft['latency'] {
  const lines = new Lines('ab', text)
  lines.expect(/^Percentage served,Time in ms$/, 'the head of the file of -e')
  const rows = new Map(Array.from(lines.each(/^(\d{1,3}),(\d{1,9}\.\d+)$/), ([, percent, ms]) => [Number(percent), Number(ms)]))
  lines.end()
  const at = (percent: number) => {
    const ms = rows.get(percent)
    if (ms === undefined) throw lines.misfit(`the line of ${percent}%`)
    return ms
  }
  return { p50_ms: at(50), p95_ms: at(95), p99_ms: at(99), max_ms: at(100) }
}
