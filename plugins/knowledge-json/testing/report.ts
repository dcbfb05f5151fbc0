import { RunReport } from '@semantos/core'

/** A run that went well; `changes` replaces parts of it. */
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
    snapshot: { time, host: null, metrics: [], missing: [] },
    evidence: { edges: [], traces: [], documents: [] },
    readings: [],
    plan: { recommendations: [], advice: [] },
    verdict: { allowed: true, guards: ['@semantos/guardrails-bounds'], violations: [] },
    changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }],
    steps: [
      {
        step: { knobs: ['vm.swappiness'], host_share: 1 },
        applied: [{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 10 }],
        observations: [],
        judgement: { decision: 'promote', reasons: ['p95 fell'] },
      },
    ],
    undone: [],
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
    plugins: [],
    ...changes,
  })
}
