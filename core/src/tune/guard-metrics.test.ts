import { describe, expect, test } from 'vitest'
import type { TuneTrial } from '../model/tune.js'
import { worsened } from './guard-metrics.js'

const SLO = { p95_ms: 120 }

function trial(throughput: number, pressure: number, p95Ms = 2): TuneTrial {
  const latency = { p50_ms: 1, p95_ms: p95Ms, p99_ms: 300, max_ms: 400 }
  const result = { latency, throughput_per_s: throughput, requests: 100, errors: 0, counters: {}, unseen: [] }
  return { number: 1, phase: 'confirm', arm: 'x', started: '2026-01-01T00:00:00Z', duration_ms: 1, result, metrics: { 'pressure.cpu_some_pct': pressure } }
}

describe('what must not get worse', () => {
  test('pressure, where no more work is done for it', () => {
    expect(worsened([trial(1000, 20)], [trial(1000, 50)], 10, SLO)).toEqual(['pressure.cpu_some_pct 20 -> 50'])
    expect(worsened([trial(1000, 20)], [trial(1000, 25)], 10, SLO)).toEqual([])
  })

  test('pressure that grows with the work done is the work', () => {
    expect(worsened([trial(1000, 50)], [trial(100_000, 85)], 10, SLO)).toEqual([])
  })

  test('throughput', () => {
    expect(worsened([trial(1000, 0)], [trial(600, 0)], 10, SLO)).toEqual(['throughput 1000 -> 600 per s'])
  })
  test('errors', () => {
    const failing = (errors: number): TuneTrial => ({ ...trial(1000, 0), result: { ...trial(1000, 0).result, requests: 1000 - errors, errors } })
    expect(worsened([failing(0)], [failing(20)], 10, SLO)).toEqual(['errors 0 -> 2%'])
    expect(worsened([failing(20)], [failing(20)], 10, SLO)).toEqual([])
  })

  test('available memory that falls to less than half', () => {
    const left = (bytes: number): TuneTrial => ({ ...trial(1000, 0), metrics: { 'memory.available_bytes': bytes } })
    expect(worsened([left(8e9)], [left(3e9)], 10, SLO)).toEqual(['memory.available_bytes 8000000000 -> 3000000000'])
    expect(worsened([left(8e9)], [left(5e9)], 10, SLO)).toEqual([])
  })

  test.each(['pressure.memory_full_pct', 'pressure.io_full_pct'])('%s', (name) => {
    const stalled = (value: number): TuneTrial => ({ ...trial(1000, 0), metrics: { [name]: value } })
    expect(worsened([stalled(1)], [stalled(30)], 10, SLO)).toEqual([`${name} 1 -> 30`])
  })

  test('p95 that misses the objective by more than before', () => {
    const p95 = (before: number, after: number) => worsened([trial(1000, 0, before)], [trial(1000, 0, after)], 10, SLO)
    expect(p95(80, 150)).toEqual(['p95 80 -> 150 ms, above the objective of 120 ms'])
    expect(p95(130, 150)).toEqual(['p95 130 -> 150 ms, above the objective of 120 ms'])
    expect(p95(80, 115)).toEqual([])
    expect(p95(150, 140)).toEqual([])
    expect(p95(150, 155)).toEqual([])
  })
})
