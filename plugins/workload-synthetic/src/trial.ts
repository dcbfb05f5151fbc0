import type { TrialDraft } from '@semantos/core'
import { arrivals } from './arrivals.js'
import type { Knobs } from './knobs.js'
import { acceptQueue } from './mechanisms/accept-queue.js'
import { deviceBacklog } from './mechanisms/device-backlog.js'
import type { Counters, Mechanism, Requests } from './mechanisms/mechanism.js'
import { numa } from './mechanisms/numa.js'
import { scheduler } from './mechanisms/scheduler.js'
import { swap } from './mechanisms/swap.js'
import { writeback } from './mechanisms/writeback.js'
import type { Options } from './options.js'

/** The host, in the order in which a request passes through it. */
const HOST: readonly (readonly [keyof Options['mechanisms'], Mechanism])[] = [
  ['device_backlog', deviceBacklog],
  ['accept_queue', acceptQueue],
  ['scheduler', scheduler],
  ['numa', numa],
  ['swap', swap],
  ['writeback', writeback],
]

/** What a request takes on an idle host, 8..24 ms, whatever its burst and the knobs. */
const SERVICE_MS = 16

export function requestsOf(options: Options): Requests {
  return { count: options.requests, ahead: new Float64Array(options.requests), latencyMs: new Float64Array(options.requests) }
}

/**
 * Simulates one trial: latency = service + the delay in each mechanism, request by request. Percentiles are order
 * statistics of these latencies (nearest rank), not estimates. `requests` is overwritten.
 */
export function runTrial(requests: Requests, knobs: Knobs, options: Options, random: () => number): TrialDraft {
  const { count, ahead, latencyMs } = requests
  const bursts = arrivals(options, random)
  for (let i = 0; i < count; i++) {
    ahead[i] = bursts.next()
    latencyMs[i] = SERVICE_MS * (0.5 + random())
  }
  const counters: Counters[] = []
  for (const [name, mechanism] of HOST) if (options.mechanisms[name]) counters.push(mechanism(requests, knobs, options))
  const errors = timeOut(requests, options.client_timeout_ms)
  latencyMs.sort()
  return {
    latency: {
      p50_ms: quantile(latencyMs, 0.5),
      p95_ms: quantile(latencyMs, 0.95),
      p99_ms: quantile(latencyMs, 0.99),
      max_ms: quantile(latencyMs, 1),
    },
    throughput_per_s: rounded((options.arrival_rate_per_s * (count - errors)) / count),
    requests: count,
    errors,
    counters: Object.fromEntries(counters.flatMap((counted) => Object.entries(counted)).map(([name, value]) => [name, rounded(value)])),
  }
}

/** The client gives up: the request counts as an error, with the time until then. */
function timeOut({ count, latencyMs }: Requests, timeoutMs: number): number {
  let errors = 0
  for (let i = 0; i < count; i++) {
    if ((latencyMs[i] ?? 0) <= timeoutMs) continue
    latencyMs[i] = timeoutMs
    errors++
  }
  return errors
}

/** The smallest value that at least this share of the values does not exceed. */
function quantile(sorted: Float64Array, share: number): number {
  return rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
}

/** To a millionth, a nanosecond for latencies: the last bits of a sum are nobody's result. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
