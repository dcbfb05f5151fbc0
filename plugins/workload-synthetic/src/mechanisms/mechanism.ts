import type { Knobs } from '../knobs.js'
import type { Options } from '../options.js'

/** The requests of one trial, in columns: a trial of any size needs two arrays, which the next trial uses again. */
export interface Requests {
  readonly count: number
  /** Connections of its burst that are served before the request. */
  readonly ahead: Float64Array
  /** What the request has taken so far. */
  readonly latencyMs: Float64Array
}

/** What a kernel would have counted over the trial's requests. */
export type Counters = Readonly<Record<string, number>>

/** A part of the host: adds to each request the milliseconds that it spends there, the more the more are ahead of it. */
export type Mechanism = (requests: Requests, knobs: Knobs, options: Options) => Counters
