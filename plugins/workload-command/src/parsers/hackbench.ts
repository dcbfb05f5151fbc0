import { type TrialDraft, z } from '@semantos/core'
import { Latencies } from '../reading/latencies.js'
import { Lines } from '../reading/lines.js'
import { noneSucceeded } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

export const HackbenchOptions = z.strictObject({ name: z.literal('hackbench') })

/** One or more runs of hackbench, one after the other: each run's time is one latency. */
export function parseHackbench({ text }: Output): TrialDraft {
  const lines = new Lines('hackbench', text)
  const latencies = new Latencies()
  let total = 0
  do {
    lines.expect(/^Running in (?:process|threaded) mode with \d+ groups using \d+ file descriptors each \(== \d+ tasks\)$/, 'Running in … mode with … groups')
    lines.expect(/^Each sender will pass \d+ messages of \d+ bytes$/, 'Each sender will pass … messages')
    const [, seconds] = lines.expect(/^Time: (\d{1,5}\.\d+)$/, 'Time')
    latencies.record(Number(seconds) * 1e9)
    total += Number(seconds)
  } while (lines.line !== null)
  if (total === 0) throw noneSucceeded('hackbench')
  return { latency: latencies.percentiles, throughput_per_s: latencies.count / total, requests: latencies.count, errors: 0, counters: {} }
}
