import type { Arm, KnobValue } from '@semantos/core'
import { streams } from '@semantos/core/kernel'
import { describe, expect, it } from 'vitest'
import { readKnobs } from './knobs.js'
import { Options } from './options.js'
import { requestsOf, runTrial } from './trial.js'

const TRIALS = 16
const SEEDS = 200
const options = Options.parse({})
const requests = requestsOf(options)

type Plan = Record<string, KnobValue>
const KIT: Plan = {
  'kernel.sched_latency_ns': 18_000_000, 'kernel.sched_min_granularity_ns': 3_000_000, 'vm.dirty_background_ratio': 8, 'vm.dirty_ratio': 25,
  'net.core.somaxconn': 32_768, 'net.core.netdev_max_backlog': 4096, 'kernel.numa_balancing': 1, 'vm.swappiness': 10,
}

function p95Ms(seed: number, arm: Arm, plan: Plan): number[] {
  const random = streams(seed)
  const knobs = readKnobs(new Map(Object.entries(plan)))
  return Array.from({ length: TRIALS }, (_, index) => runTrial(requests, knobs, options, random(`trial/${arm}/${index}`)).latency.p95_ms)
}

/** Shift from baseline to tuned in ms, with a 95% interval (Hodges and Lehmann: order statistics of all differences). */
function shift(seed: number, plan: Plan): { low: number; median: number; high: number } {
  const baseline = p95Ms(seed, 'baseline', {})
  const differences = p95Ms(seed, 'tuned', plan).flatMap((tuned) => baseline.map((before) => tuned - before))
  differences.sort((a, b) => a - b)
  const pairs = TRIALS * TRIALS
  const outside = Math.floor(pairs / 2 - 1.96 * Math.sqrt((pairs * (2 * TRIALS + 1)) / 12))
  const at = (index: number) => differences[index] ?? Number.NaN
  return { low: at(outside), median: at(pairs / 2), high: at(pairs - 1 - outside) }
}

function share(holds: (seed: number) => boolean): number {
  return Array.from({ length: SEEDS }, (_, seed) => holds(seed)).filter(Boolean).length / SEEDS
}

describe('16 trials against 16', () => {
  it('show no effect of an empty plan, but for the twentieth of seeds that a 95% interval allows', () => {
    const wrong = share((seed) => {
      const { low, high } = shift(seed, {})
      return low > 0 || high < 0
    })
    expect(wrong).toBeGreaterThan(0.01)
    expect(wrong).toBeLessThan(0.1)
  })

  it("show the kit's plan for a loaded host to be an improvement", () => {
    expect(share((seed) => shift(seed, KIT).high < 0)).toBeGreaterThan(0.99)
    const { median } = shift(42, KIT)
    expect(median).toBeLessThan(-180 * 0.08)
    expect(median).toBeGreaterThan(-180 * 0.22)
  })

  it.each<Plan>([{ 'net.core.somaxconn': 512 }, { 'kernel.sched_min_granularity_ns': 20_000_000 }, { 'vm.dirty_ratio': 60 }])('show %o to be harm', (plan) => {
    expect(share((seed) => shift(seed, plan).low > 0)).toBeGreaterThan(0.95)
  })
})
