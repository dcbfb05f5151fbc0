import { expect, it } from 'vitest'
import { tracesOf } from './trace-of.js'
import { Trace } from './evidence.js'
import type { Effect, TuneReport } from './tune.js'

const TIME = '2026-01-01T00:00:00.000Z'
const effect = (ratio: number): Effect => ({ ratio, interval: [ratio, ratio], bootstrap: [ratio, ratio] })
const host = {
  name: 'db1', kernel: '6.12.0', boot_id: 'b', cpu_model: 'EPYC', cpus: 8, numa_nodes: 1, memory_bytes: 2 ** 34, swap_bytes: 0, block_devices: [], net_devices: [], virtualization: 'vm' as const,
}
const snapshot = { time: TIME, host, missing: [], metrics: [{ name: 'load', value: 9, unit: 'tasks', source: 't' }] }

function tune(goal: TuneReport['goal'], ratio: number): TuneReport {
  return {
    kind: 'semantos-tune', schema_version: 1, run: 'r1', started: TIME, ended: TIME, command: [], folder: '', software: { semantos: '1.0.0', node: 'v20.19.0', plugins: [] }, journal: null, seed: 1, goal, slo: { p95_ms: 120 }, workload: { name: 'web 1a2b3c4d', plugin: 'web', version: '1.0.0', options: {}, origin: null }, config: null, outcome: 'kept', snapshot, plan: { recommendations: [], advice: [] }, noise: null,
    comparisons: [{
      candidate: 'c', settings: [{ knob: 'vm.swappiness', value: 10 }, { knob: 'vm.dirty_ratio', value: 30 }], against: [{ knob: 'vm.dirty_ratio', value: 25 }], blocks: 4, p_value: 0.001,
      effects: { p50: effect(1), p95: effect(ratio), p99: effect(1), throughput: effect(ratio) }, verdict: 'better', words: 'w', guards: [], kept: true,
    }],
    skipped: [], kept: [], baseline: [{ knob: 'vm.swappiness', value: 60 }, { knob: 'vm.dirty_ratio', value: 20 }], final: null, heal: null, trials: [], cost: { trial_cpu_pct: 0, cpu_pct: 0, memory_mb: 0, helpers: { names: [], trial_cpu_pct: 0, memory_mb: 0 }, bookkeeping_ms_per_trial: 0, changing_ms_per_trial: 0 },
  }
}

it('of a tune is one for each comparison, from what stood before it', () => {
  const [trace] = tracesOf(tune('p95', 0.9))
  expect(Trace.parse(trace)).toMatchObject({
    id: 'r1/1', metrics: { load: 9 }, verdict: 'better',
    host: { kernel: '6.12.0', cpu_model: 'EPYC', cpus: 8, numa_nodes: 1, memory_bytes: 2 ** 34, virtualization: 'vm' },
    actions: [{ knob: 'vm.swappiness', from: 60, to: 10 }, { knob: 'vm.dirty_ratio', from: 25, to: 30 }],
  })
  expect(trace?.improvement_pct).toBeCloseTo(10, 10)
  expect(trace?.host).not.toHaveProperty('name')
})

it('counts more throughput as an improvement', () => {
  expect(tracesOf(tune('throughput', 1.2))[0]?.improvement_pct).toBeCloseTo(20, 10)
})

it('of a run that changed nothing is none', () => {
  const evaluation = { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured' as const, words: 'w' }
  expect(tracesOf({
    schema_version: 1, run: 'r', time: TIME, seed: 1, workload: null, slo: { p95_ms: 120 }, outcome: 'dry run', snapshot, evidence: { edges: [], traces: [], documents: [] }, readings: [],
    plan: { recommendations: [], advice: [] }, verdict: { allowed: true, guards: [], violations: [] }, changes: [], steps: [], undone: [], post_p95_ms: null, evaluation, plugins: [],
  })).toEqual([])
})
