import { RunReport, TuneReport } from '@semantos/core'

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

/** A tune that kept one knob; `changes` replaces parts of it. */
export function exampleTune(changes: Partial<TuneReport> = {}): TuneReport {
  const [started, ended] = ['2026-01-02T00:00:00.000Z', '2026-01-02T00:20:00.000Z']
  const effect = { ratio: 0.75, interval: [0.7, 0.9] as const, bootstrap: [0.7, 0.9] as const }
  const cue = { metric: 'pressure.io_some_pct', value: 40, because: 'above 10' }
  return TuneReport.parse({
    kind: 'semantos-tune',
    schema_version: 1,
    run: '20260102T000000Z-5a1f00',
    started,
    ended,
    command: [],
    folder: '',
    software: { semantos: '1.0.0', node: 'v20.19.0', plugins: [] },
    journal: null,
    seed: 42,
    goal: 'p95',
    slo: { p95_ms: 120 },
    workload: { name: '@semantos/workload-command 1a2b3c4d', plugin: '@semantos/workload-command', version: '1.0.0', options: { run: 'true' }, origin: null },
    config: null,
    outcome: 'kept',
    snapshot: { time: started, host: null, metrics: [], missing: [] },
    plan: {
      recommendations: [
        { knob: 'vm.swappiness', value: 10, rationale: 'less swapping', cues: [cue], expected: { metric: 'p95_ms', change_pct: -10 }, uncertainty: 0.3, proposed_by: '@semantos/reasoning-rules', changed_by: [] },
      ],
      advice: [],
    },
    noise: null,
    comparisons: [
      {
        candidate: 'vm.swappiness=10',
        settings: [{ knob: 'vm.swappiness', value: 10 }],
        against: [],
        blocks: 4,
        p_value: 0.001,
        effects: { p50: effect, p95: effect, p99: effect, throughput: effect },
        verdict: 'better',
        words: 'p95 fell by 25%',
        guards: [],
        kept: true,
      },
    ],
    skipped: [],
    kept: [{ knob: 'vm.swappiness', value: 10 }],
    baseline: [{ knob: 'vm.swappiness', value: 60 }],
    final: null,
    heal: null,
    trials: [],
    cost: { trial_cpu_pct: 1, cpu_pct: 1, memory_mb: 100, helpers: { names: [], trial_cpu_pct: 0, memory_mb: 0 }, bookkeeping_ms_per_trial: 1, changing_ms_per_trial: 1 },
    ...changes,
  })
}
