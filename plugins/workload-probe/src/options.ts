import { TakesEffect, z } from '@semantos/core'

const Address = z.string().regex(/^(?:[^\s:]+|\[[\da-fA-F:]+\]):\d{1,5}$/, { error: 'must be HOST:PORT' })
/** The name of an environment variable: a password does not belong into a config. */
const Variable = z.string().regex(/^[A-Za-z_]\w*$/)
/** True: connections stay open from request to request. False: each request opens its own. */
const KeepAlive = z.boolean().default(true)
const Identifier = z.string().min(1).max(63).regex(/^[^\0]*$/)

const Http = z.strictObject({ kind: z.literal('http'), url: z.url({ protocol: /^https?$/ }), keep_alive: KeepAlive })
const Tcp = z.strictObject({ kind: z.literal('tcp'), address: Address })
const Redis = z.strictObject({ kind: z.literal('redis'), address: Address.default('127.0.0.1:6379'), password_env: Variable.optional(), keep_alive: KeepAlive })
const Postgres = z.strictObject({
  kind: z.literal('postgres'),
  address: Address.default('127.0.0.1:5432'),
  user: Identifier.default('postgres'),
  database: Identifier.default('postgres'),
  password_env: Variable.optional(),
  query: z.string().min(1).regex(/^[^\0]*$/).default('SELECT 1'),
  keep_alive: KeepAlive,
})
export type HttpOptions = z.output<typeof Http>
export type PostgresOptions = z.output<typeof Postgres>
export const TargetOptions = z.discriminatedUnion('kind', [Http, Tcp, Redis, Postgres])
export type TargetOptions = z.output<typeof TargetOptions>

const RENEWED_BY_RESTART: TakesEffect[] = ['next listen()', 'new sockets', 'new connections', 'next open()', 'new sessions', 'new processes']

const Restart = z.strictObject({
  /** A line for `sh -c`. */
  command: z.string().min(1),
  /** For the command, and until a request succeeds. */
  within_s: z.number().positive().max(600).default(30),
  renews: z.array(TakesEffect).readonly().default(RENEWED_BY_RESTART),
})
export type RestartOptions = z.output<typeof Restart>

export const Options = z.strictObject({
  target: TargetOptions,
  rate_per_s: z.number().min(0.1).max(20_000).default(100),
  duration_s: z.number().positive().max(3600).default(10),
  warm_up_s: z.number().min(0).max(600).default(1),
  timeout_ms: z.number().min(1).max(600_000).default(5000),
  connections: z.int().min(1).max(60_000).optional(),
  restart: Restart.optional(),
})
export type Options = z.output<typeof Options>
