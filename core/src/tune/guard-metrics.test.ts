import { describe, expect, test } from 'vitest'
import type { TuneTrial } from '../model/tune.js'
import { worsened } from './guard-metrics.js'

function trial(throughput: number, pressure: number): TuneTrial {
  const latency = { p50_ms: 1, p95_ms: 2, p99_ms: 3, max_ms: 4 }
  const result = { latency, throughput_per_s: throughput, requests: 100, errors: 0, counters: {}, unseen: [] }
  return { number: 1, phase: 'confirm', arm: 'x', started: '2026-01-01T00:00:00Z', duration_ms: 1, result, metrics: { 'pressure.cpu_some_pct': pressure } }
}

describe('what must not get worse', () => {
  test('pressure, where no more work is done for it', () => {
    expect(worsened([trial(1000, 20)], [trial(1000, 50)], 10)).toEqual(['pressure.cpu_some_pct 20 -> 50'])
    expect(worsened([trial(1000, 20)], [trial(1000, 25)], 10)).toEqual([])
  })

  test('pressure that grows with the work done is the work', () => {
    expect(worsened([trial(1000, 50)], [trial(100_000, 85)], 10)).toEqual([])
  })

  test('throughput', () => {
    expect(worsened([trial(1000, 0)], [trial(600, 0)], 10)).toEqual(['throughput 1000 -> 600 per s'])
  })
})
