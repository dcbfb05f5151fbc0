import { type Effect, RunReport, type Setting, TuneReport, type TuneTrial } from '@semantos/core'
import { SAMPLE_EVIDENCE, SAMPLE_PLAN, SAMPLE_SNAPSHOT, trial } from './seen.js'

const TIME = '2026-01-01T00:00:00.000Z'
const KEPT: readonly Setting[] = [{ knob: 'vm.swappiness', value: 10 }]
const BEFORE: readonly Setting[] = [{ knob: 'vm.swappiness', value: 60 }]

/** A run that changed one knob and was faster for it. */
export const SAMPLE_REPORT = RunReport.parse({
  schema_version: 1,
  run: '20260101T000000Z-000001',
  time: TIME,
  seed: 42,
  workload: 'sample',
  slo: { p95_ms: 120 },
  outcome: 'applied',
  snapshot: SAMPLE_SNAPSHOT,
  evidence: SAMPLE_EVIDENCE,
  readings: [{ status: 'present', knob: 'vm.swappiness', text: '60', value: 60, writable: true, live: true }],
  plan: SAMPLE_PLAN,
  verdict: { allowed: true, guards: ['sample'], violations: [] },
  changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }],
  steps: [
    {
      step: { knobs: ['vm.swappiness'], host_share: 1 },
      applied: [{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 10 }],
      observations: [{ name: 'p95_ms', unit: 'ms', before: 182.3, after: 160, source: 'sample' }],
      judgement: { decision: 'promote', reasons: ['p95 fell'] },
    },
  ],
  undone: [],
  post_p95_ms: 160,
  evaluation: { trials: 8, baseline_p95_ms: 183.5, tuned_p95_ms: 163.5, improvement_pct: 10.9, interval_pct: [9, 12], p_value: 0.001, verdict: 'better', words: 'the median p95 fell by 10.9%' },
  plugins: [{ name: 'sample', stage: 'reasoning', version: '1.0.0' }],
} satisfies RunReport)

/** A run that was refused before anything was read, planned or changed. */
export const EMPTY_REPORT = RunReport.parse({
  ...SAMPLE_REPORT,
  workload: null,
  outcome: 'refused',
  snapshot: { time: TIME, host: null, metrics: [], missing: [] },
  evidence: { edges: [], traces: [], documents: [] },
  readings: [],
  plan: { recommendations: [], advice: [] },
  verdict: { allowed: false, guards: ['sample'], violations: [{ guard: 'sample', rule: 'none', knob: null, message: 'not today', fix: 'come back tomorrow' }] },
  changes: [],
  steps: [],
  post_p95_ms: null,
  evaluation: { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing was measured' },
  plugins: [],
} satisfies RunReport)

const effect: Effect = { ratio: 0.9, interval: [0.85, 0.95], bootstrap: [0.86, 0.94] }
const EFFECTS = { p50: effect, p95: effect, p99: effect, throughput: effect }

function tuneTrial(number: number): TuneTrial {
  const { arm: _arm, index: _index, ...result } = trial('baseline', number, number % 2 === 0 ? 160 : 180)
  return { number, phase: number < 5 ? 'noise' : 'confirm', arm: number % 2 === 0 && number > 4 ? 'vm.swappiness=10' : 'baseline', started: TIME, duration_ms: 1000, result, metrics: { load: 9 } }
}

/** A tune that kept one setting. */
export const SAMPLE_TUNE = TuneReport.parse({
  kind: 'semantos-tune',
  schema_version: 1,
  run: '20260101T000000Z-000002',
  started: TIME,
  ended: '2026-01-01T00:10:00.000Z',
  command: ['tune', '--workload', 'sample'],
  folder: '',
  software: { semantos: '0.0.0', node: 'v20.19.0', plugins: [] },
  journal: null,
  seed: 42,
  goal: 'p95',
  slo: { p95_ms: 120 },
  workload: { name: 'sample', plugin: 'sample', version: '0.0.0', options: { run: 'true' }, origin: 'sample.yaml' },
  config: 'semantos.config.ts',
  outcome: 'kept',
  snapshot: SAMPLE_SNAPSHOT,
  plan: SAMPLE_PLAN,
  noise: { pairs: 2, sd_log: 0.02, floor_ratio: 1.05, blocks_needed: [{ effect_pct: 5, blocks: 4 }] },
  comparisons: [
    {
      candidate: 'vm.swappiness=10', settings: KEPT, against: BEFORE, blocks: 4, p_value: 0.01, effects: EFFECTS, verdict: 'better', words: 'p95 is 0.90 times what it was', guards: [], kept: true,
    },
  ],
  skipped: [{ candidate: 'vm.dirty_ratio=25', settings: [{ knob: 'vm.dirty_ratio', value: 25 }], reason: 'not promising' }],
  kept: KEPT,
  baseline: BEFORE,
  final: EFFECTS,
  heal: null,
  trials: Array.from({ length: 12 }, (_, index) => tuneTrial(index + 1)),
  cost: { trial_cpu_pct: 0.4, cpu_pct: 0.4, memory_mb: 90, helpers: { names: ['semantos-guard'], trial_cpu_pct: 0.1, memory_mb: 1 }, bookkeeping_ms_per_trial: 2, changing_ms_per_trial: 2 },
} satisfies TuneReport)

/** A tune that was stopped before its first trial. */
export const EMPTY_TUNE = TuneReport.parse({
  ...SAMPLE_TUNE,
  outcome: 'interrupted',
  snapshot: EMPTY_REPORT.snapshot,
  plan: EMPTY_REPORT.plan,
  noise: null,
  comparisons: [],
  skipped: [],
  kept: [],
  baseline: [],
  final: null,
  trials: [],
} satisfies TuneReport)
