import { messageOf, type TrialDraft, z } from '@semantos/core'
import { readJson } from '../reading/json.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'
import { httpGet } from '../running/http-get.js'

const Query = z.string().min(1)

export const PrometheusOptions = z.strictObject({
  name: z.literal('prometheus'),
  /** The server, such as http://127.0.0.1:9090. */
  url: z.url({ protocol: /^https?$/ }),
  /** PromQL that gives one number each; `$window` stands for the run's duration, such as 30s. */
  queries: z.strictObject({ p50: Query, p95: Query, p99: Query, max: Query, requests: Query, errors: Query }),
  latency_unit: z.enum(['s', 'ms']).default('s'),
})

const TIME_LIMIT_MS = 10_000
const HOW = 'Try the query in the expression browser of the Prometheus server.'

const Sample = z.tuple([z.number(), z.string()])
const Result = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: Sample })) }),
  z.object({ resultType: z.literal('scalar'), result: Sample }),
])
const Response = z.discriminatedUnion('status', [z.object({ status: z.literal('success'), data: Result }), z.object({ status: z.literal('error'), error: z.string() })])

/** Asks a Prometheus server what the run was like, instead of reading the output of the run command. */
export async function parsePrometheus({ seconds, signal }: Output, options: z.output<typeof PrometheusOptions>): Promise<TrialDraft> {
  const { queries, latency_unit } = options
  const ask = (name: keyof typeof queries) => answer(options.url, name, queries[name].replaceAll('$window', `${Math.ceil(seconds)}s`), signal)
  const [p50, p95, p99, max, requests, errors] = await Promise.all([ask('p50'), ask('p95'), ask('p99'), ask('max'), ask('requests'), ask('errors')])
  if (requests <= 0) throw noneSucceeded('prometheus')
  const toMs = latency_unit === 's' ? 1000 : 1
  return {
    latency: { p50_ms: p50 * toMs, p95_ms: p95 * toMs, p99_ms: p99 * toMs, max_ms: max * toMs },
    throughput_per_s: requests / seconds,
    // increase() extrapolates, so it is seldom a whole number.
    requests: Math.round(requests),
    errors: Math.round(errors),
    counters: {},
  }
}

async function answer(server: string, name: string, query: string, signal: AbortSignal): Promise<number> {
  const url = `${server.replace(/\/$/, '')}/api/v1/query?${new URLSearchParams({ query }).toString()}`
  const { body } = await httpGet(url, TIME_LIMIT_MS, signal).catch((error: unknown) => {
    throw unusable('prometheus', `${server} does not answer: ${messageOf(error)}`, 'Start the Prometheus server, or correct the parser option url.')
  })
  const response = readJson('prometheus', body, Response)
  if (response.status === 'error') throw unusable('prometheus', `the query ${name} is refused: ${response.error}`, HOW)
  const samples = response.data.resultType === 'scalar' ? [response.data.result] : response.data.result.map(({ value }) => value)
  const value = Number(samples[0]?.[1])
  if (samples.length !== 1 || !Number.isFinite(value)) {
    throw unusable('prometheus', `the query ${name} gave ${samples.length === 1 ? String(samples[0]?.[1]) : `${samples.length} series`}, not one number`, HOW)
  }
  return value
}
