import { MetricName, z } from '@semantos/core'

const Query = z.strictObject({
  /** PromQL that gives one number; `$window` stands for how long was watched, such as 60s. */
  query: z.string().min(1).max(10_000),
  unit: z.string().min(1).max(32),
})

const HeaderName = z.string().regex(/^[\w-]+$/, { error: 'must be the name of a header' })
const VariableName = z.string().regex(/^[A-Za-z_]\w*$/, { error: 'must be the name of an environment variable; the value itself never stands in a config' })

export const Options = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address, such as http://127.0.0.1:9090' })
    .refine((address) => isPlain(new URL(address)), { error: 'must not hold a user, a password, a query or a fragment: secrets come from the environment, through headers_env' })
    .default('http://127.0.0.1:9090'),
  /** What to ask for, by the name of the metric it becomes. */
  queries: z.record(MetricName, Query).refine((queries) => Object.keys(queries).length > 0, { error: 'must hold a query' }),
  /** Headers to send, each with the environment variable that holds its value. */
  headers_env: z.record(HeaderName, VariableName).default({}),
  /** What `$window` is outside trials. */
  window_s: z.int().min(1).max(86_400).default(60),
  /** For each query. */
  timeout_ms: z.int().min(10).max(60_000).default(5000),
})

function isPlain({ username, password, search, hash }: URL): boolean {
  return username + password + search + hash === ''
}
