import type { z } from '@semantos/core'
import { streams } from '@semantos/core/kernel'
import { describe, expect, it } from 'vitest'
import { type ModelKnob, readKnobs } from './knobs.js'
import { Options } from './options.js'
import { requestsOf, runTrial } from './trial.js'

type Values = Partial<Record<ModelKnob, number>>
type Written = z.input<typeof Options>

/** One long trial on the same traffic every time: what differs is the knob's. */
function trial(knobs: Values, written: Written = {}) {
  const options = Options.parse({ requests: 10_000, traffic_variation_pct: 0, ...written })
  return runTrial(requestsOf(options), readKnobs(new Map(Object.entries(knobs))), options, streams(1)('traffic'))
}

/** In percent of the default's p95; below 0 is faster. */
function effect(knobs: Values, written: Written = {}): number {
  const base = trial({}, written).latency.p95_ms
  return (100 * (trial(knobs, written).latency.p95_ms - base)) / base
}

const LATENCY = 'kernel.sched_latency_ns'
const MIN_GRANULARITY = 'kernel.sched_min_granularity_ns'
const WAKEUP_GRANULARITY = 'kernel.sched_wakeup_granularity_ns'

describe('each knob alone', () => {
  it.each<[Values, number, number]>([
    [{ [LATENCY]: 18_000_000 }, -8, -1],
    [{ [LATENCY]: 48_000_000 }, 3, 15],
    [{ [MIN_GRANULARITY]: 1_500_000 }, -5, -1],
    [{ [WAKEUP_GRANULARITY]: 1_000_000 }, -8, -2],
    [{ [WAKEUP_GRANULARITY]: 15_000_000 }, 0.5, 5],
    [{ 'vm.dirty_background_ratio': 5 }, -12, -2],
    [{ 'vm.dirty_ratio': 28 }, -10, -2],
    [{ 'net.core.netdev_max_backlog': 4096 }, -8, -1],
    [{ 'kernel.numa_balancing': 1 }, -5, -0.5],
    [{ 'vm.swappiness': 10 }, -8, -1],
  ])('%o changes p95 by %d..%d percent', (knobs, low, high) => {
    expect(effect(knobs)).toBeGreaterThan(low)
    expect(effect(knobs)).toBeLessThan(high)
  })

  it.each<[string, Values, number]>([
    ['an accept queue that overflows', { 'net.core.somaxconn': 512 }, 300],
    ['a device backlog that drops', { 'net.core.netdev_max_backlog': 100 }, 50],
    ['a dirty limit that throttles every writer', { 'vm.dirty_ratio': 5 }, 8],
    ['a dirty limit that lets flushes grow long', { 'vm.dirty_ratio': 60 }, 8],
    ['a background limit that leaves no headroom', { 'vm.dirty_background_ratio': 19 }, 8],
    ['swapping out what is used', { 'vm.swappiness': 100 }, 4],
    ['a minimum granularity of 20 ms', { [MIN_GRANULARITY]: 20_000_000 }, 100],
    ['a minimum granularity above the latency', { [LATENCY]: 10_000_000, [MIN_GRANULARITY]: 12_000_000 }, 50],
  ])('%s is harmful', (_what, knobs, atLeast) => {
    expect(effect(knobs)).toBeGreaterThan(atLeast)
  })

  it('of a longer accept queue is seen where it acts: in overflows, retransmissions and the slowest requests', () => {
    const short = trial({})
    const long = trial({ 'net.core.somaxconn': 32_768 })
    expect(short.counters['listen_overflows']).toBeGreaterThan(0)
    expect(long.counters['listen_overflows']).toBe(0)
    expect(long.counters['syn_retransmits']).toBe(0)
    expect(long.latency.max_ms).toBeLessThan(short.latency.max_ms - 500)
    expect(long.latency.p95_ms).toBe(short.latency.p95_ms)
  })
})

describe('optima lie inside', () => {
  it.each<[string, (value: number) => Values, number[]]>([
    ['vm.dirty_ratio', (value) => ({ 'vm.dirty_ratio': value }), [12, 28, 60]],
    ['vm.dirty_background_ratio', (value) => ({ 'vm.dirty_background_ratio': value, 'vm.dirty_ratio': 28 }), [0, 4, 15]],
    ['vm.swappiness', (value) => ({ 'vm.swappiness': value }), [0, 12, 60]],
    ['both granularities', (value) => ({ [MIN_GRANULARITY]: value, [WAKEUP_GRANULARITY]: value }), [300_000, 1_100_000, 3_000_000]],
  ])('%s', (_what, knobs, [low = 0, best = 0, high = 0]) => {
    const p95Ms = (value: number) => trial(knobs(value)).latency.p95_ms
    expect(p95Ms(best)).toBeLessThan(p95Ms(low))
    expect(p95Ms(best)).toBeLessThan(p95Ms(high))
  })
})

describe('the situation decides', () => {
  it('swappiness does nothing where memory suffices', () => {
    expect(effect({ 'vm.swappiness': 100 }, { memory_overcommit_pct: 0 })).toBe(0)
  })

  it('NUMA balancing only costs on one node', () => {
    expect(effect({ 'kernel.numa_balancing': 1 }, { numa_nodes: 1 })).toBeGreaterThan(0)
  })

  it('NUMA balancing is bit 0: memory tiering alone does not move memory between nodes', () => {
    expect(effect({ 'kernel.numa_balancing': 2 })).toBe(0)
    expect(effect({ 'kernel.numa_balancing': 3 })).toBe(effect({ 'kernel.numa_balancing': 1 }))
  })

  it('dirty limits matter little where little is written', () => {
    const throttledMs = (written: Written) => trial({}, written).counters['dirty_throttled_ms']
    expect(throttledMs({ upload_kib: 16 })).toBe(0)
    expect(throttledMs({})).toBeGreaterThan(0)
  })

  it('a small backlog is enough for small bursts', () => {
    expect(effect({ 'net.core.netdev_max_backlog': 4096 }, { arrival_rate_per_s: 400 })).toBe(0)
  })

  it('nobody waits for a CPU where one task runs', () => {
    expect(trial({}, { load_tasks: 0.5 }).counters['run_queue_wait_ms']).toBeLessThan(trial({}).counters['run_queue_wait_ms'] ?? 0)
    expect(effect({ [MIN_GRANULARITY]: 20_000_000 }, { load_tasks: 0 })).toBeLessThan(0)
  })
})

describe('a mechanism that is switched off', () => {
  const strong: Record<keyof Options['mechanisms'], Values[]> = {
    accept_queue: [{ 'net.core.somaxconn': 512 }],
    device_backlog: [{ 'net.core.netdev_max_backlog': 100 }],
    scheduler: [{ [LATENCY]: 48_000_000 }, { [MIN_GRANULARITY]: 20_000_000 }, { [WAKEUP_GRANULARITY]: 1_000_000 }],
    writeback: [{ 'vm.dirty_background_ratio': 1 }, { 'vm.dirty_ratio': 5 }],
    swap: [{ 'vm.swappiness': 100 }],
    numa: [{ 'kernel.numa_balancing': 1 }],
  }
  const mechanisms = Object.entries(strong).flatMap(([mechanism, settings]) => settings.map((knobs): [string, Values] => [mechanism, knobs]))

  it.each(mechanisms)('%s takes the whole effect of %o with it', (mechanism, knobs) => {
    expect(trial(knobs)).not.toEqual(trial({}))
    const off = { mechanisms: { [mechanism]: false } }
    expect(trial(knobs, off)).toEqual(trial({}, off))
  })

  it.each(mechanisms)('%s alone takes the effect of %o with it', (mechanism, knobs) => {
    for (const other of Object.keys(strong)) {
      if (other === mechanism) continue
      const off = { mechanisms: { [other]: false } }
      expect(trial(knobs, off)).not.toEqual(trial({}, off))
    }
  })
})
