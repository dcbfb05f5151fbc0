import { describe, expect, test } from 'vitest'
import type { TuneTrial } from '@semantos/core'
import { worsened as worsenedIn } from './guard-metrics.js'

const RULES = { guardTolerancePct: 10, slo: { p95_ms: 120 } }

/** In one block, after identical trials that all were as those are. */
function worsened(before: TuneTrial, after: TuneTrial, identical: readonly TuneTrial[] = [before, before]): string[] {
  return worsenedIn([{ before, after }], identical.map((one) => ({ ...one, phase: 'noise' as const })), RULES)
}

function trial(throughput: number, pressure: number, p95Ms = 2): TuneTrial {
  const latency = { p50_ms: 1, p95_ms: p95Ms, p99_ms: 300, max_ms: 400 }
  const result = { latency, throughput_per_s: throughput, requests: 100, errors: 0, counters: {}, unseen: [] }
  return { number: 1, phase: 'confirm', arm: 'x', started: '2026-01-01T00:00:00Z', duration_ms: 1, result, metrics: { 'pressure.cpu_some_pct': pressure } }
}

describe('what must not get worse', () => {
  test('pressure, where no more work is done for it', () => {
    expect(worsened(trial(1000, 20), trial(1000, 50))).toEqual(['pressure.cpu_some_pct 20 -> 50'])
    expect(worsened(trial(1000, 20), trial(1000, 25))).toEqual([])
  })

  test('pressure that grows with the work done is the work', () => {
    expect(worsened(trial(1000, 50), trial(100_000, 85))).toEqual([])
  })

  test('throughput', () => {
    expect(worsened(trial(1000, 0), trial(600, 0))).toEqual(['throughput 1000 -> 600 per s'])
  })
  test('errors', () => {
    const failing = (errors: number): TuneTrial => ({ ...trial(1000, 0), result: { ...trial(1000, 0).result, requests: 1000 - errors, errors } })
    expect(worsened(failing(0), failing(20))).toEqual(['errors 0 -> 2%'])
    expect(worsened(failing(20), failing(20))).toEqual([])
  })

  test('available memory that falls to less than half', () => {
    const left = (bytes: number): TuneTrial => ({ ...trial(1000, 0), metrics: { 'memory.available_bytes': bytes } })
    expect(worsened(left(8e9), left(3e9))).toEqual(['memory.available_bytes 8000000000 -> 3000000000'])
    expect(worsened(left(8e9), left(5e9))).toEqual([])
  })

  test.each(['pressure.memory_full_pct', 'pressure.io_full_pct'])('%s', (name) => {
    const stalled = (value: number): TuneTrial => ({ ...trial(1000, 0), metrics: { [name]: value } })
    expect(worsened(stalled(1), stalled(30))).toEqual([`${name} 1 -> 30`])
  })

  test('p95 that misses the objective by more than before', () => {
    const p95 = (before: number, after: number) => worsened(trial(1000, 0, before), trial(1000, 0, after))
    expect(p95(80, 150)).toEqual(['p95 80 -> 150 ms, above the objective of 120 ms'])
    expect(p95(130, 150)).toEqual(['p95 130 -> 150 ms, above the objective of 120 ms'])
    expect(p95(80, 115)).toEqual([])
    expect(p95(150, 140)).toEqual([])
    expect(p95(150, 155)).toEqual([])
  })
})

describe('what identical trials do as well', () => {
  const wild = [trial(1000, 10, 100), trial(1400, 30, 170)]

  test('is no reason to leave a winner out', () => {
    expect(worsened(trial(1000, 20), trial(800, 20))).not.toEqual([])
    expect(worsened(trial(1000, 20), trial(800, 20), wild)).toEqual([])
    expect(worsened(trial(1000, 20), trial(1000, 35), wild)).toEqual([])
    expect(worsened(trial(1000, 20, 100), trial(1000, 20, 160), wild)).toEqual([])
  })

  test('does not excuse what is beyond it', () => {
    expect(worsened(trial(1000, 20), trial(700, 20), wild)).toEqual(['throughput 1000 -> 700 per s'])
    expect(worsened(trial(1000, 20), trial(1000, 45), wild)).toEqual(['pressure.cpu_some_pct 20 -> 45'])
    expect(worsened(trial(1000, 20, 100), trial(1000, 20, 175), wild)).toEqual(['p95 100 -> 175 ms, above the objective of 120 ms'])
  })

  test('does not excuse damage, however wild they are', () => {
    const wilder = [trial(0, 0, 1), trial(5000, 100, 5000)]
    expect(worsened(trial(1000, 20), trial(450, 20), wilder)).toEqual(['throughput 1000 -> 450 per s'])
    expect(worsened(trial(1000, 20), trial(1000, 55), wilder)).toEqual(['pressure.cpu_some_pct 20 -> 55'])
    expect(worsened(trial(1000, 20, 100), trial(1000, 20, 250), wilder)).toEqual(['p95 100 -> 250 ms, above the objective of 120 ms'])
  })

  test('does not excuse errors or lost memory', () => {
    const of = (errors: number, bytes: number): TuneTrial => ({ ...trial(1000, 0), result: { ...trial(1000, 0).result, errors }, metrics: { 'memory.available_bytes': bytes } })
    expect(worsened(of(0, 8e9), of(20, 3e9), [of(0, 8e9), of(50, 1e9)])).toEqual([expect.stringMatching(/^errors /), expect.stringMatching(/^memory\.available_bytes /)])
  })
})
