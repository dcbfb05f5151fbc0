import type { Evidence, Plan, Recommendation, Snapshot, Trial } from '@semantos/core'

const TIME = '2026-01-01T00:00:00.000Z'

/** A web server that is slower than its objective. */
export const SAMPLE_SNAPSHOT: Snapshot = {
  time: TIME,
  host: {
    name: 'sample', kernel: '6.18.0', boot_id: null, cpu_model: 'Sample CPU', cpus: 2, numa_nodes: 1, memory_bytes: 8e9, swap_bytes: 1e9, block_devices: ['vda'], net_devices: ['eth0'], virtualization: 'vm',
  },
  metrics: ([['irq_rate', 21_000, 'per_s'], ['load', 9.4, 'tasks'], ['memory.available_bytes', 4e9, 'bytes'], ['p95_ms', 182.3, 'ms'], ['pressure.io_full_pct', 1, 'percent'], ['vmstat.pswpin_per_s', 30, 'per_s']] as const).map(
    ([name, value, unit]) => ({ name, value, unit, source: 'sample' }),
  ),
  missing: [{ name: 'disk.busy_pct[sda]', reason: 'this host has no such disk', source: 'sample' }],
}

export const SAMPLE_EVIDENCE: Evidence = {
  edges: [
    { from: 'vm.dirty_ratio', to: 'vm.dirty_background_ratio', kind: 'depends_on', weight: 1, evidence_count: 1, source: 'sample', updated: null },
    { from: 'vm.swappiness', to: 'vm.dirty_ratio', kind: 'synergizes_with', weight: 0.4, evidence_count: 3, source: 'sample', updated: TIME },
  ],
  traces: [
    {
      id: 'past', time: '2025-12-01T00:00:00.000Z', host: { cpus: 2 }, workload: 'sample', metrics: { p95_ms: 175, load: 9 },
      actions: [{ knob: 'vm.swappiness', from: 60, to: 10 }], improvement_pct: 8, verdict: 'better',
    },
  ],
  documents: [{ id: 'note', title: 'Swapping', text: 'Programs that wait for swapped pages are slow.', source: 'sample' }],
}

export function recommend(knob: string, value: Recommendation['value'], rationale = 'a sample of what a reasoner says'): Recommendation {
  return {
    knob, value, rationale, cues: [{ metric: 'p95_ms', value: 182.3, because: 'above the objective' }], expected: { metric: 'p95_ms', change_pct: -5 }, uncertainty: 0.2,
    rules: [], edges: [], traces: [], documents: [], proposed_by: 'sample', changed_by: [],
  }
}

export const NO_PLAN: Plan = { recommendations: [], advice: [] }

export const SAMPLE_PLAN: Plan = {
  recommendations: [recommend('vm.swappiness', 10), recommend('vm.dirty_ratio', 25), recommend('vm.dirty_background_ratio', 8), recommend('net.core.somaxconn', 8192)],
  advice: [{ symptom: 'cpu.busy', text: 'No knob makes up for a CPU that is missing.', cues: [] }],
}

/** A trial around this p95. */
export function trial(arm: Trial['arm'], index: number, p95_ms: number): Trial {
  return {
    arm, index, latency: { p50_ms: p95_ms / 2, p95_ms, p99_ms: p95_ms * 1.2, max_ms: p95_ms * 2 }, throughput_per_s: 1000, requests: 400, errors: 0, counters: { retries: index }, unseen: [],
  }
}

/** Eight trials an arm, in which the tuned one is a tenth faster. */
export const SAMPLE_TRIALS: readonly Trial[] = (['baseline', 'tuned'] as const).flatMap((arm) =>
  Array.from({ length: 8 }, (_, index) => trial(arm, index, (arm === 'baseline' ? 180 : 160) + index)),
)
