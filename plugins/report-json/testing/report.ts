import { RunReport } from '@semantos/core'

/** A run with something in every part of it; `changes` replaces parts. */
export function exampleReport(changes: Partial<RunReport> = {}): RunReport {
  const time = '2026-01-01T00:00:00.000Z'
  return RunReport.parse({
    schema_version: 1,
    run: '20260101T000000Z-73475c',
    time,
    seed: 42,
    workload: '@semantos/workload-synthetic',
    slo: { p95_ms: 120 },
    outcome: 'applied',
    snapshot: {
      time,
      host: {
        name: 'db1', kernel: '6.18.44', boot_id: null, cpu_model: 'AMD EPYC 7763', cpus: 64, numa_nodes: 2, memory_bytes: 274877906944, swap_bytes: 0,
        block_devices: ['nvme0n1'], net_devices: ['eth0'], virtualization: 'none',
      },
      metrics: [{ name: 'p95_ms', value: 181.5, unit: 'ms', source: 'telemetry' }],
      missing: [{ name: 'psi.cpu', reason: 'the kernel was built without PSI', source: 'telemetry' }],
    },
    evidence: {
      edges: [{ from: 'vm.dirty_ratio', to: 'vm.dirty_background_ratio', kind: 'depends_on', weight: 1, evidence_count: 0, source: 'catalogue', updated: null }],
      traces: [
        { id: 'earlier', time, host: { cpus: 64 }, workload: 'web', metrics: { p95_ms: 180 }, actions: [{ knob: 'vm.swappiness', from: null, to: 10 }], improvement_pct: null, verdict: 'better' },
      ],
      documents: [{ id: 'd1', title: 'Swap', text: 'Less swapping, steadier latency.', source: 'catalogue' }],
    },
    readings: [
      { status: 'present', knob: 'vm.swappiness', text: '60', value: 60, writable: true, live: false },
      { status: 'unavailable', knob: 'kernel.sched_latency_ns', reason: 'left the kernel in 5.13', successor: null },
      { status: 'not permitted', knob: 'block.read_ahead_kb[vda]', reason: 'permission denied' },
    ],
    plan: {
      recommendations: [
        {
          knob: 'vm.swappiness', value: 10, rationale: 'latency before page cache', cues: [{ metric: 'p95_ms', value: 181.5, because: 'p95 above the SLO' }],
          expected: { metric: 'p95_ms', change_pct: -3 }, uncertainty: 0.3, rules: ['swappiness'], edges: [], traces: [], documents: [],
          proposed_by: 'reasoning', changed_by: [],
        },
      ],
      advice: [{ symptom: 'packets dropped', text: 'look at the cable', cues: [] }],
    },
    verdict: { allowed: true, guards: ['@semantos/guardrails-bounds'], violations: [{ guard: 'g', rule: 'bounds', knob: null, message: 'too large', fix: 'use 0..100' }] },
    changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }],
    steps: [
      {
        step: { knobs: ['vm.swappiness'], host_share: 1 },
        applied: [{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 10 }],
        observations: [{ name: 'p95_ms', unit: 'ms', before: null, after: 151.25, source: 'monitoring' }],
        judgement: { decision: 'promote', reasons: ['p95 fell'] },
      },
    ],
    undone: [{ knob: 'vm.swappiness', outcome: 'restored', now: 60, detail: 'restored' }],
    post_p95_ms: 151.25,
    evaluation: {
      trials: 16,
      baseline_p95_ms: 180.5,
      tuned_p95_ms: 152.25,
      improvement_pct: 15.651,
      interval_pct: [12.5, 18.75],
      p_value: 0.0001,
      verdict: 'better',
      words: 'the median p95 fell by 15.7%',
    },
    plugins: [{ name: '@semantos/report-json', stage: 'report', version: '0.0.0' }],
    ...changes,
  })
}
