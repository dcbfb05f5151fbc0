import { streams } from '@semantos/core/kernel'
import { describe, expect, it } from 'vitest'
import { INTERACTIONS } from './interactions.js'
import { KNOB_DEFAULTS, type ModelKnob, readKnobs } from './knobs.js'
import { Options } from './options.js'
import { requestsOf, runTrial } from './trial.js'

const options = Options.parse({ requests: 30_000, traffic_variation_pct: 0 })
const requests = requestsOf(options)
const measured = new Map<string, number>()

/** p95 on the same traffic every time; each setting is measured once. */
function p95Ms(knobs: readonly (readonly [ModelKnob, number])[]): number {
  const key = JSON.stringify(knobs)
  const known = measured.get(key)
  if (known !== undefined) return known
  const result = runTrial(requests, readKnobs(new Map(knobs)), options, streams(1)('traffic')).latency.p95_ms
  measured.set(key, result)
  return result
}

/** In percentage points of the default's p95, as `Interaction` defines it. */
function interaction(a: readonly [ModelKnob, number], b: readonly [ModelKnob, number]): number {
  return (100 * (p95Ms([a, b]) - p95Ms([a]) - p95Ms([b]) + p95Ms([]))) / p95Ms([])
}

const LEVELS: Record<ModelKnob, number[]> = {
  'kernel.numa_balancing': [1],
  'kernel.sched_latency_ns': [12_000_000, 48_000_000],
  'kernel.sched_min_granularity_ns': [1_500_000, 8_000_000],
  'kernel.sched_wakeup_granularity_ns': [1_000_000, 15_000_000],
  'net.core.netdev_max_backlog': [500, 4096],
  'net.core.somaxconn': [512, 32_768],
  'vm.dirty_background_ratio': [5, 15],
  'vm.dirty_ratio': [10, 30],
  'vm.swappiness': [10, 100],
}

const NAMES = [
  'kernel.numa_balancing', 'kernel.sched_latency_ns', 'kernel.sched_min_granularity_ns', 'kernel.sched_wakeup_granularity_ns',
  'net.core.netdev_max_backlog', 'net.core.somaxconn', 'vm.dirty_background_ratio', 'vm.dirty_ratio', 'vm.swappiness',
] as const satisfies readonly ModelKnob[]
const PAIRS = NAMES.flatMap((first, index) => NAMES.slice(index + 1).map((second): [ModelKnob, ModelKnob] => [first, second]))
const listed = new Set(INTERACTIONS.map(({ knobs }) => knobs.join(' ')))

describe('interactions', () => {
  it('are looked for in every pair of knobs', () => {
    expect(NAMES).toEqual(Object.keys(KNOB_DEFAULTS).sort())
    for (const pair of listed) expect(PAIRS.map((names) => names.join(' '))).toContain(pair)
  })

  it.each(INTERACTIONS)('$knobs $kind', ({ knobs: [first, second], kind, at: [a, b] }) => {
    const points = interaction([first, a], [second, b])
    if (kind === 'synergizes_with') expect(points).toBeLessThan(-2)
    else expect(points).toBeGreaterThan(2)
  })

  it.each(PAIRS.filter((pair) => !listed.has(pair.join(' '))))('%s and %s add up', (first, second) => {
    for (const a of LEVELS[first]) for (const b of LEVELS[second]) expect(Math.abs(interaction([first, a], [second, b]))).toBeLessThan(0.3)
  })

  it('of the granularities is more than the sum: short slices are worth little until a woken task may end them', () => {
    const effect = (...knobs: [ModelKnob, number][]) => 100 * (p95Ms(knobs) / p95Ms([]) - 1)
    const minimum: [ModelKnob, number] = ['kernel.sched_min_granularity_ns', 1_000_000]
    const wakeUp: [ModelKnob, number] = ['kernel.sched_wakeup_granularity_ns', 1_000_000]
    expect(effect(minimum)).toBeGreaterThan(-5)
    expect(effect(wakeUp)).toBeGreaterThan(-8)
    expect(effect(minimum, wakeUp)).toBeLessThan(2 * (effect(minimum) + effect(wakeUp)))
  })
})
