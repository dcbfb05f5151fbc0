import { describe, expect, it } from 'vitest'
import { type Effect, RunReport } from '@semantos/core'
import { isRunId } from './commands/explain-run.js'
import { runInSentences } from './run-in-sentences.js'
import { tuneInSentences } from './tune-in-sentences.js'

const TIME = '2026-01-01T00:00:00.000Z'
const RUN = '20260101T000000Z-73475c'
const DRAFT = { uncertainty: 0.3, rules: ['kit/swap'], edges: ['vm.swappiness depends_on zswap.max_pool_percent'], traces: ['old'], documents: ['note:swappiness'], proposed_by: 'rules', changed_by: [] }

function report(changes: Partial<RunReport> = {}): RunReport {
  return RunReport.parse({
    schema_version: 1, run: RUN, time: TIME, seed: 42, workload: 'web', slo: { p95_ms: 120 }, outcome: 'applied',
    snapshot: { time: TIME, host: null, metrics: [], missing: [] },
    evidence: {
      edges: [{ from: 'vm.swappiness', kind: 'depends_on', to: 'zswap.max_pool_percent', weight: 1, evidence_count: 1, source: 'the documentation', updated: null }],
      traces: [{ id: 'old', time: TIME, host: {}, workload: 'web', metrics: {}, actions: [], improvement_pct: 4.2, verdict: 'better' }],
      documents: [{ id: 'note:swappiness', title: 'What swappiness weighs', text: 't', source: 's' }],
    },
    readings: [{ status: 'present', knob: 'vm.swappiness', text: '60', value: 60, writable: true, live: false }],
    plan: {
      recommendations: [{ knob: 'vm.swappiness', value: 10, rationale: 'p95 is above the objective', cues: [{ metric: 'p95_ms', value: 182.34, because: 'above 120' }], expected: { metric: 'p95_ms', change_pct: -3 }, ...DRAFT }],
      advice: [],
    },
    verdict: { allowed: true, guards: ['bounds'], violations: [] },
    changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }],
    steps: [{ step: { knobs: ['vm.swappiness'], host_share: 1 }, applied: [{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 10 }], observations: [], judgement: { decision: 'promote', reasons: ['p95 fell'] } }],
    undone: [], post_p95_ms: 170,
    evaluation: { trials: 16, baseline_p95_ms: 180, tuned_p95_ms: 171, improvement_pct: 5, interval_pct: [3, 7], p_value: 0.001, verdict: 'better', words: 'p95 fell by 5%' },
    plugins: [], ...changes,
  })
}

describe('a run in sentences', () => {
  it('goes from the symptom to the change and what came of it', () => {
    expect(runInSentences(report())).toBe(`Run ${RUN} of ${TIME} measured web.

vm.swappiness from 60 to 10, proposed by rules. Telemetry showed p95_ms = 182.3 (above 120). p95 is above the objective. It expected p95_ms to fall by 3%, with an uncertainty of 0.3. It leant on rule kit/swap; the relation vm.swappiness depends on zswap.max_pool_percent (the documentation); past run old (better, 4.2%); the note "What swappiness weighs". It was applied, and the kernel stored 10; monitoring said promote (p95 fell).

The run ended: applied. Measured: p95 fell by 5%.
`)
  })

  it('expects nothing of what was tried without a symptom', () => {
    const [recommendation] = report().plan.recommendations
    const text = runInSentences(report({ plan: { recommendations: recommendation ? [{ ...recommendation, expected: { metric: 'p95_ms', change_pct: 0 } }] : [], advice: [] } }))
    expect(text).toContain('p95 is above the objective. Its uncertainty was 0.3.')
    expect(text).not.toContain('It expected')
  })

  it('says what guards refused, what was taken back, and what was never applied', () => {
    const violations = [{ guard: 'bounds', rule: 'bounds', knob: 'vm.swappiness', message: 'too low', fix: 'more' }]
    expect(runInSentences(report({ verdict: { allowed: false, guards: [], violations }, changes: [], steps: [], outcome: 'refused' }))).toContain('The guards refused it: too low.')
    const undone = [{ knob: 'vm.swappiness', outcome: 'restored' as const, now: 60, detail: '' }]
    expect(runInSentences(report({ undone, outcome: 'rolled back' }))).toContain('It was taken back: restored.')
    expect(runInSentences(report({ changes: [], steps: [], outcome: 'nothing to do' }))).toContain('Nothing was changed')
    expect(runInSentences(report({ steps: [], outcome: 'dry run' }))).toContain('the run only said what it would do')
  })
})

describe('a tune in sentences', () => {
  it('says what was compared, why, and what was kept', () => {
    const effect: Effect = { ratio: 0.9, interval: [0.85, 0.95], bootstrap: [0.85, 0.95] }
    const text = tuneInSentences({
      kind: 'semantos-tune', schema_version: 1, run: RUN, started: TIME, ended: TIME, command: [], folder: '', software: { semantos: '1.0.0', node: 'v20.19.0', plugins: [] }, journal: null, seed: 1, goal: 'p95', slo: { p95_ms: 120 }, workload: { name: 'web', plugin: 'web', version: '1.0.0', options: {}, origin: null }, config: null, outcome: 'kept', snapshot: report().snapshot, plan: report().plan, noise: null,
      comparisons: [{ candidate: 'vm.swappiness=10', settings: [{ knob: 'vm.swappiness', value: 10 }], against: [], blocks: 4, p_value: 0.001, effects: { p50: effect, p95: effect, p99: effect, throughput: effect }, verdict: 'better', words: 'p95 -10%', guards: [], kept: true }],
      skipped: [{ candidate: 'vm.dirty_ratio=5', settings: [], reason: 'one trial showed no promise' }],
      kept: [{ knob: 'vm.swappiness', value: 10 }], baseline: [], final: null, heal: { values_restored: true, ratio: 1, words: 'the baseline is back' }, trials: [], cost: { trial_cpu_pct: 0, cpu_pct: 0, memory_mb: 0, helpers: { names: [], trial_cpu_pct: 0, memory_mb: 0 }, bookkeeping_ms_per_trial: 0, changing_ms_per_trial: 0 },
    })
    expect(text).toContain('It compared vm.swappiness=10 with what stood before, in 4 blocks. Telemetry showed p95_ms = 182.3 (above 120). p95 is above the objective. It leant on rule kit/swap; the relation vm.swappiness depends on zswap.max_pool_percent; past run old; the note "note:swappiness". The verdict was "better": p95 -10%. It was kept.')
    expect(text).toContain('Not compared: vm.dirty_ratio=5 (one trial showed no promise).')
    expect(text).toContain('The tune ended: kept, with vm.swappiness = 10. Heal check: the baseline is back.')
  })
})

it('tells a run from a knob', () => {
  expect([isRunId(RUN), isRunId('vm.swappiness')]).toEqual([true, false])
})
