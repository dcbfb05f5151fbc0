import { type CallContext, SemantosError, type TakesEffect, type TrialDraft, type TrialRequest } from '@semantos/core'
import { type Load, openLoop } from './open-loop.js'
import type { Options } from './options.js'
import { restart } from './restart.js'
import type { Tally } from './tally.js'
import { addressOf, keepsAlive, openTarget } from './targets/index.js'

/** Connections of a trial are opened by the trial, kept open or not. */
const FRESH: readonly TakesEffect[] = ['at once', 'new sockets', 'new connections']
const KEPT_OPEN = 16
const MOST_OPEN = 60_000

/** Watches the service for one trial. */
export async function probe(options: Options, { renew }: TrialRequest, { log }: CallContext, signal: AbortSignal): Promise<TrialDraft> {
  const missing = renew.filter((kind) => !FRESH.includes(kind))
  const renewed = missing.some((kind) => options.restart?.renews.includes(kind)) ? (options.restart ?? null) : null
  const target = await openTarget(options.target)
  let tally: Tally
  try {
    if (renewed) {
      await restart(renewed, target, signal)
      target.close()
    }
    tally = await openLoop(target, loadOf(options), signal)
  } finally {
    target.close()
  }
  if (tally.succeeded === 0) throw nothing(options, tally)
  if (tally.failed > 0) log(`${tally.failed} of ${tally.failed + tally.succeeded} requests failed: ${tally.reasons}`)
  return {
    latency: tally.latencies.summary,
    throughput_per_s: tally.succeeded / options.duration_s,
    requests: tally.succeeded,
    errors: tally.failed,
    counters: { timeouts: tally.timeouts, uncorrected_p99_ms: tally.uncorrected.percentileMs(99), probe_late_p99_ms: tally.late.percentileMs(99) },
    unseen: missing.filter((kind) => !renewed?.renews.includes(kind)),
  }
}

function loadOf({ target, rate_per_s, duration_s, warm_up_s, timeout_ms, connections }: Options): Load {
  const everyOne = Math.min(MOST_OPEN, Math.ceil((rate_per_s * timeout_ms) / 1000) + 1)
  return {
    ratePerS: rate_per_s,
    durationS: duration_s,
    warmUpS: warm_up_s,
    timeoutMs: timeout_ms,
    connections: connections ?? (keepsAlive(target) ? KEPT_OPEN : everyOne),
  }
}

function nothing({ target }: Options, { failed, reasons }: Tally): SemantosError {
  return new SemantosError('SEMANTOS_E_WORKLOAD', {
    message: `none of ${failed} requests to ${addressOf(target)} succeeded: ${reasons}`,
    place: 'workload, target',
    next: 'See that the service runs and answers there.',
  })
}
