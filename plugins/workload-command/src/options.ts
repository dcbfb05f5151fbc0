import { TakesEffect, z } from '@semantos/core'
import { ParserOptions } from './parsers/index.js'

/** A line for `sh -c`, or the words of a command that is started without a shell. */
export const Command = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).readonly()], {
  error: "must be a line for sh -c, or a list of words such as ['wrk', '-c', '16']",
})
export type Command = z.output<typeof Command>

/** How to know that a service answers: a port, a page, or a command that ends with status 0. */
const Ready = z
  .strictObject({
    tcp: z.string().regex(/^[^\s:]+:\d{1,5}$|^\[[\da-f:]+\]:\d{1,5}$/, { error: 'must be HOST:PORT' }).optional(),
    http: z.url({ protocol: /^https?$/ }).optional(),
    command: Command.optional(),
  })
  .refine((ready) => Object.keys(ready).length === 1, { error: 'must have one of tcp, http and command' })
export type Ready = z.output<typeof Ready>

const RENEWED_BY_RESTART: TakesEffect[] = ['next listen()', 'new sockets', 'new connections', 'next open()', 'new sessions', 'new processes']

const Service = z
  .strictObject({
    /** Starts a service that lives as long as the trials. */
    start: Command.optional(),
    /** Ends it; without it, its processes are told to terminate. */
    stop: Command.optional(),
    /** Restarts a service that was there before and stays. */
    restart: Command.optional(),
    ready: Ready,
    ready_within_s: z.number().positive().default(30),
    stop_within_s: z.number().positive().default(10),
    restart_each_trial: z.boolean().default(false),
    /** What a restart makes anew: it is restarted when one of these is asked for. */
    restart_on: z.array(TakesEffect).readonly().default(RENEWED_BY_RESTART),
  })
  .refine(({ start, restart }) => (start === undefined) !== (restart === undefined), { error: 'must have one of start and restart' })
  .refine(({ restart, stop }) => restart === undefined || stop === undefined, { error: 'stop goes with start' })
export type ServiceOptions = z.output<typeof Service>

export const Options = z.strictObject({
  run: Command,
  parser: ParserOptions,
  /** What the parser reads: stdout, stderr, or a file in the trial's folder. */
  reads: z.string().min(1).default('stdout'),
  between: z.array(Command).readonly().default([]),
  set_up: Command.optional(),
  warm_up: Command.optional(),
  tear_down: Command.optional(),
  service: Service.optional(),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string()).default({}),
  cwd: z.string().min(1).default('.'),
  user: z.string().regex(/^[\w.-]+$/).optional(),
  time_limit_s: z.number().positive().max(86_400).default(60),
  /** What each trial makes anew by itself; without it, what the parser's tool is known to. */
  fresh: z.array(TakesEffect).readonly().optional(),
})
export type Options = z.output<typeof Options>
