import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { failureOf, plugin } from '../../../tests/faults/kernel-of.js'
import { type Parts, SETTINGS, recommend, worldOf } from '../../../tests/faults/small-world.js'
import { SemantosError } from '../kernel/errors.js'
import type { Reading } from '../model/change.js'
import { RunReport } from '../model/run.js'
import { runCycle } from './cycle.js'
import type { RunSettings } from './settings.js'

/** One run; the report is held against its published schema. */
async function run(parts: Parts = {}, settings: Partial<RunSettings> = {}) {
  await using world = await worldOf(parts)
  const report = await runCycle(world.kernel, { ...SETTINGS, ...settings })
  expect(RunReport.parse(report)).toEqual(report)
  return { report, log: world.log, values: Object.fromEntries(world.values) }
}

/** One run that is to fail. */
async function fail(parts: Parts = {}, settings: Partial<RunSettings> = {}) {
  await using world = await worldOf(parts)
  const error = await failureOf(runCycle(world.kernel, { ...SETTINGS, ...settings }))
  return { error, log: world.log, values: Object.fromEntries(world.values) }
}

const UNTOUCHED = { 'vm.a': 0, 'vm.b': 0, 'vm.c': 0, 'vm.d': 0 }
const writes = (log: readonly string[]) => log.filter((entry) => /^(apply|undo) /.test(entry))
const told = (log: readonly string[]) => log.filter((entry) => /^(learn|report|fault) /.test(entry))
const rollBack = { decision: 'roll back', reasons: ['slower'] } as const

describe('a run', () => {
  test('measures, applies step by step, watches, measures again, evaluates, reports and learns', async () => {
    const { report, log, values } = await run({}, { trials: 2 })
    expect(log).toEqual([
      'guard',
      'measure baseline 0', 'measure baseline 1',
      'apply vm.a=1', ...[20, 21, 22, 23, 24].map((index) => `measure probe ${index}`), 'judge vm.a look 0: promote',
      'apply vm.b=2', ...[40, 41, 42, 43, 44].map((index) => `measure probe ${index}`), 'judge vm.b look 0: promote',
      'measure tuned 0', 'measure tuned 1',
      'report applied', 'learn applied',
    ])
    expect(values).toEqual({ ...UNTOUCHED, 'vm.a': 1, 'vm.b': 2 })
    expect(report).toMatchObject({ outcome: 'applied', undone: [], workload: 'workload', seed: 42, time: '2026-01-01T00:00:00.000Z' })
    expect(report.steps.map(({ applied }) => applied)).toEqual([[{ knob: 'vm.a', before: 0, wanted: 1, stored: 1 }], [{ knob: 'vm.b', before: 0, wanted: 2, stored: 2 }]])
    expect(report.evaluation.tuned_p95_ms).toBeCloseTo(97, 1)
    expect(report.post_p95_ms).toBeCloseTo(97, 1)
  })

  test('hands the trials of both arms to evaluation and reports, and none of the probes', async () => {
    const trials: string[] = []
    const streaming = plugin('streaming', 'report', ({ hooks }) => hooks.trial.tapPromise('t', ({ arm, index }) => void trials.push(`${arm} ${index}`)))
    const progress: string[] = []
    await run({ more: [streaming] }, { onTrial: (done, total) => progress.push(`${done}/${total}`) })
    expect(trials).toEqual(['baseline 0', 'baseline 1', 'baseline 2', 'tuned 0', 'tuned 1', 'tuned 2'])
    expect(progress).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6'])
  })

  test('without a workload applies and judges all the same, and says that nothing was measured', async () => {
    const { report, log } = await run({ workload: false, evaluate: (evaluation) => ({ ...evaluation, verdict: 'not measured' }) })
    expect(writes(log)).toEqual(['apply vm.a=1', 'apply vm.b=2'])
    expect(report).toMatchObject({ outcome: 'applied', workload: null, post_p95_ms: null, evaluation: { verdict: 'not measured' } })
  })

  test('leaves out what already stands so, what is absent and what is barred', async () => {
    const other: Record<string, Reading> = {
      'vm.b': { status: 'absent', knob: 'vm.b', reason: 'this kernel does not have it', successor: 'vm.c' },
      'vm.c': { status: 'barred', knob: 'vm.c', reason: 'lockdown' },
    }
    const { report, log } = await run({ plan: [['vm.a', 0], ['vm.b', 1], ['vm.c', 1], ['vm.d', 1]], reading: (knob) => other[knob] })
    expect(writes(log)).toEqual(['apply vm.d=1'])
    expect(report.changes).toEqual([{ knob: 'vm.d', from: 0, to: 1 }])
    expect(report.readings.map(({ knob, status }) => [knob, status])).toEqual([['vm.a', 'present'], ['vm.b', 'absent'], ['vm.c', 'barred'], ['vm.d', 'present']])
  })

  test('writes nothing to what is read-only here', async () => {
    const { log } = await run({ plan: [['vm.a', 1], ['vm.d', 1]], reading: (knob) => (knob === 'vm.a' ? { status: 'present', knob, text: '0', value: 0, writable: false, live: false } : undefined) })
    expect(writes(log)).toEqual(['apply vm.d=1'])
  })

  test('that would change nothing measures nothing and says so', async () => {
    const { report, log } = await run({ plan: [['vm.a', 0]] })
    expect(log).toEqual(['guard', 'report nothing to do'])
    expect(report).toMatchObject({ outcome: 'nothing to do', changes: [], steps: [] })
  })

  test('applies the knobs of a step in the order of the schedule', async () => {
    const { log } = await run({ plan: [['vm.a', 1], ['vm.b', 2], ['vm.c', 3]], schedule: () => [{ knobs: ['vm.c', 'vm.a'], host_share: 1 }, { knobs: ['vm.b'], host_share: 1 }] })
    expect(writes(log)).toEqual(['apply vm.c=3', 'apply vm.a=1', 'apply vm.b=2'])
  })

  test('takes a plan that was made before, without asking a reasoner', async () => {
    const plan = { recommendations: [{ ...recommend('vm.d', 4), cues: [], rules: [], edges: [], traces: [], documents: [], proposed_by: 'elsewhere', changed_by: [] }], advice: [] }
    const { report, log } = await run({ plan: [['vm.a', 1]] }, { plan })
    expect(writes(log)).toEqual(['apply vm.d=4'])
    expect(report.plan).toEqual(plan)
  })

  test('shows the guards the state that would result, not the plan alone', async () => {
    const seen: unknown[] = []
    const curious = plugin('curious', 'guardrails', ({ hooks }) => hooks.guard.tapPromise('t', (_, { resulting }) => void seen.push(Object.fromEntries(resulting))))
    await run({ plan: [['vm.b', 7]], more: [curious] })
    expect(seen).toEqual([{ ...UNTOUCHED, 'vm.b': 7 }])
  })
})

describe('a running system', () => {
  test('is not changed without leave: a dry run that reports, and learns nothing', async () => {
    const { report, log } = await run({ live: true })
    expect(log).toEqual(['guard', 'report dry run'])
    expect(report).toMatchObject({ outcome: 'dry run', changes: [{ knob: 'vm.a', from: 0, to: 1 }, { knob: 'vm.b', from: 0, to: 2 }] })
    expect(report.steps.map(({ step, applied }) => [step.knobs, applied])).toEqual([[['vm.a'], []], [['vm.b'], []]])
  })

  test('is changed with leave', async () => {
    const { report, values } = await run({ live: true }, { apply: true })
    expect(report.outcome).toBe('applied')
    expect(values).toMatchObject({ 'vm.a': 1, 'vm.b': 2 })
  })

  test('keeps a sandbox from being written as well, where the plan holds both', async () => {
    const live = (knob: string): Reading => ({ status: 'present', knob, text: '0', value: 0, writable: true, live: knob === 'vm.b' })
    const { report, values } = await run({ reading: live })
    expect(report.outcome).toBe('dry run')
    expect(values).toEqual(UNTOUCHED)
  })
})

describe('planning', () => {
  test.each([{ apply: false }, { apply: true }])('writes, measures and reports nothing, whatever leave it has: %o', async (settings) => {
    const { report, log, values } = await run({}, { ...settings, planning: true })
    expect(log).toEqual(['guard'])
    expect(values).toEqual(UNTOUCHED)
    expect(report).toMatchObject({ outcome: 'dry run', changes: [{ knob: 'vm.a' }, { knob: 'vm.b' }] })
  })

  test('is announced to every plugin at the start', async () => {
    const announced: boolean[] = []
    const listening = plugin('listening', 'any', ({ hooks }) => hooks.start.tapPromise('t', ({ planning }) => void announced.push(planning)))
    await run({ more: [listening] }, { planning: true })
    await run({ more: [listening] })
    expect(announced).toEqual([true, false])
  })
})

describe('a plan is refused, and nothing is written,', () => {
  test.each([
    ['a guard objects', { more: [plugin('strict', 'guardrails', ({ hooks }) => hooks.guard.tapPromise('t', (verdict) => verdict.violate({ rule: 'never', knob: null, message: 'no', fix: 'stop' })))] }, { guard: 'strict', rule: 'never' }],
    ['a guard fails', { more: [plugin('broken', 'guardrails', ({ hooks }) => hooks.guard.tapPromise('t', () => Promise.reject(new Error('oh'))))] }, { guard: 'broken', rule: 'guard_failed' }],
    ['it has a knob outside the catalogue', { plan: [['vm.swapines', 1]] }, { guard: 'semantos', rule: 'catalogue', knob: 'vm.swapines', fix: 'use a knob of the catalogue' }],
    ['it has a mistyped knob', { plan: [['vm.aa', 1]] }, { guard: 'semantos', rule: 'catalogue', message: 'vm.aa is not in the catalogue (from reasoning)', fix: 'did you mean vm.a or vm.b or vm.c?' }],
    ['it has a value out of range', { plan: [['vm.a', 11]] }, { guard: 'semantos', rule: 'range', knob: 'vm.a', fix: 'use 0..10' }],
    ['it has a value below the range', { plan: [['vm.a', -1]] }, { guard: 'semantos', rule: 'range' }],
    ['it has a word for a number', { plan: [['vm.a', '1']] }, { guard: 'semantos', rule: 'type' }],
    ['it has a list for a number', { plan: [['vm.a', [1, 2]]] }, { guard: 'semantos', rule: 'type' }],
    ['it has a list longer than a message', { plan: [['vm.a', Array.from({ length: 64 }, () => Number.MAX_SAFE_INTEGER)]] }, { guard: 'semantos', rule: 'type' }],
  ] satisfies [string, Parts, object][])('when %s', async (_, parts, violation) => {
    const { report, log, values } = await run(parts)
    expect(report).toMatchObject({ outcome: 'refused', changes: [], steps: [], verdict: { allowed: false } })
    expect(report.verdict.violations).toEqual([expect.objectContaining(violation)])
    expect(values).toEqual(UNTOUCHED)
    expect(told(log)).toEqual(['report refused'])
  })

  test('when it has a knob outside the scope of the run', async () => {
    const { report } = await run({ plan: [['vm.a', 1], ['vm.b', 1]] }, { knobs: ['vm.a', 'net.*'] })
    expect(report.verdict.violations).toEqual([expect.objectContaining({ guard: 'semantos', rule: 'scope', knob: 'vm.b' })])
  })
})

describe('a run fails before anything is written', () => {
  test.each([
    ['no applier answers for a knob', { reading: (knob: string) => (knob === 'vm.b' ? null : undefined) }, { code: 'SEMANTOS_E_KNOB_UNCLAIMED', message: 'no applier answers for vm.b', exit: 3 }],
    ['the schedule loses a knob', { schedule: () => [{ knobs: ['vm.a'], host_share: 1 }] }, { code: 'SEMANTOS_E_PLUGIN_OUTPUT', plugin: 'rollout', hook: 'schedule' }],
    ['the schedule repeats a knob', { schedule: () => [{ knobs: ['vm.a', 'vm.b'], host_share: 1 }, { knobs: ['vm.a'], host_share: 1 }] }, { code: 'SEMANTOS_E_PLUGIN_OUTPUT' }],
    ['the schedule repeats one and loses another', { schedule: () => [{ knobs: ['vm.a', 'vm.a'], host_share: 1 }] }, { message: 'the rollout does not schedule each change exactly once: vm.b is in no step; vm.a is there twice' }],
    ['the schedule invents a knob', { schedule: () => [{ knobs: ['vm.a', 'vm.c'], host_share: 1 }] }, { message: 'the rollout does not schedule each change exactly once: vm.b is in no step; vm.c does not change' }],
    ['nobody schedules', { schedule: () => undefined }, { code: 'SEMANTOS_E_PLUGIN_OUTPUT', message: 'the rollout does not schedule each change exactly once: vm.a is in no step; vm.b is in no step' }],
    ['the baseline cannot be measured', { measure: () => Promise.reject(new Error('port in use')) }, { code: 'SEMANTOS_E_PLUGIN_THREW', plugin: 'workload' }],
    ['telemetry fails', { more: [plugin('blind', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', () => Promise.reject(new Error('blind'))))] }, { plugin: 'blind', hook: 'collect' }],
    ['a plugin cannot start', { more: [plugin('unready', 'report', ({ hooks }) => hooks.start.tapPromise('t', () => Promise.reject(new Error('cannot write'))))] }, { plugin: 'unready', hook: 'start' }],
    ['the plan is nonsense', { plan: [['vm/../../etc/passwd', 1]] }, { plugin: 'reasoning', hook: 'reason' }],
  ] satisfies [string, Parts, object][])('when %s, and tells so', async (_, parts, expected) => {
    const { error, log, values } = await fail(parts)
    expect(error).toMatchObject(expected)
    expect(values).toEqual(UNTOUCHED)
    expect(told(log)).toEqual([`fault ${error instanceof SemantosError ? error.code : ''}`])
  })
})

describe('everything applied is taken back, newest first,', () => {
  const three: Parts['plan'] = [['vm.a', 1], ['vm.b', 2], ['vm.c', 3]]
  const undoneInOrder = ['apply vm.a=1', 'apply vm.b=2', 'apply vm.c=3', 'undo vm.c=0', 'undo vm.b=0', 'undo vm.a=0']

  test('when a step is judged to be rolled back; the steps after it never begin', async () => {
    const { report, log, values } = await run({ plan: [...three, ['vm.d', 4]], judge: ({ step }) => (step.knobs[0] === 'vm.c' ? rollBack : { decision: 'promote', reasons: [] }) })
    expect(writes(log)).toEqual(undoneInOrder)
    expect(values).toEqual(UNTOUCHED)
    expect(report).toMatchObject({ outcome: 'rolled back', steps: [{}, {}, { judgement: rollBack }] })
    expect(report.undone.map(({ knob, outcome }) => [knob, outcome])).toEqual([['vm.c', 'restored'], ['vm.b', 'restored'], ['vm.a', 'restored']])
    expect(told(log)).toEqual(['report rolled back', 'learn rolled back'])
  })

  test('within a step as well', async () => {
    const { log } = await run({ plan: three, schedule: () => [{ knobs: ['vm.a', 'vm.b', 'vm.c'], host_share: 1 }], judge: () => rollBack })
    expect(writes(log)).toEqual(undoneInOrder)
  })

  test('when the evaluation says worse', async () => {
    const { report, log, values } = await run({ plan: three, evaluate: (evaluation) => ({ ...evaluation, verdict: 'worse', words: 'slower' }) })
    expect(writes(log)).toEqual(undoneInOrder)
    expect(values).toEqual(UNTOUCHED)
    expect(report).toMatchObject({ outcome: 'rolled back', evaluation: { verdict: 'worse' } })
  })

  test('once, when it was rolled back and the evaluation says worse', async () => {
    const { log } = await run({ judge: () => rollBack, evaluate: (evaluation) => ({ ...evaluation, verdict: 'worse' }) })
    expect(writes(log)).toEqual(['apply vm.a=1', 'undo vm.a=0'])
  })

  test.each(['no difference', 'not enough evidence'] as const)('but not when the evaluation says %s', async (verdict) => {
    const { report } = await run({ evaluate: (evaluation) => ({ ...evaluation, verdict }) })
    expect(report.outcome).toBe('applied')
  })

  test.each([
    ['an applier fails half-way', () => Promise.reject(new Error('EIO'))],
    ['an applier answers nonsense after it has written', () => Promise.resolve([{ knob: 'vm.b', before: 0, wanted: Number.NaN, stored: 2 }])],
    ['an applier answers for less than it was asked', () => Promise.resolve([])],
    ['an applier answers for what it was not asked', () => Promise.resolve([{ knob: 'vm.d', before: 0, wanted: 2, stored: 2 }])],
    ['an applier says that it applied nothing, and has', () => Promise.resolve(undefined)],
    ['an applier writes and hangs', () => new Promise<never>(() => undefined)],
  ])('when %s', async (_, end) => {
    const { error, log, values } = await fail({
      kernel: { timeLimitsMs: { default: 5000, apply: 30 } },
      plan: three,
      schedule: () => [{ knobs: ['vm.a'], host_share: 1 }, { knobs: ['vm.b', 'vm.c'], host_share: 1 }],
      apply: async ({ step, changes }, write) => {
        const [first] = changes
        if (first) write(first.knob, first.to)
        return step === 1 && first ? [{ knob: first.knob, before: first.from, wanted: first.to, stored: first.to }] : end()
      },
    })
    expect(error).toMatchObject({ plugin: 'applier', hook: 'apply' })
    expect(writes(log)).toEqual(['apply vm.a=1', 'apply vm.b=2', 'undo vm.b=0', 'undo vm.a=0'])
    expect(values).toEqual(UNTOUCHED)
    expect(told(log)).toEqual([`fault ${error instanceof SemantosError ? error.code : ''}`])
  })

  test.each([
    ['monitoring fails', { judge: () => { throw new Error('no') } }],
    ['evaluation fails', { evaluate: () => { throw new Error('no') } }],
    ['telemetry fails after a step', { more: [failingTelemetry(2)] }],
    ['the last report cannot be written', { more: [plugin('full', 'report', ({ hooks }) => hooks.report.tapPromise('t', () => Promise.reject(new Error('no space'))))] }],
    ['the outcome cannot be learnt', { more: [plugin('full', 'knowledge', ({ hooks }) => hooks.learn.tapPromise('t', () => Promise.reject(new Error('no space'))))] }],
  ] satisfies [string, Parts][])('when %s', async (_, parts) => {
    const { error, log, values } = await fail(parts)
    expect(error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_THREW' })
    expect(writes(log).length).toBeGreaterThan(0)
    expect(values).toEqual(UNTOUCHED)
    expect(log).toContain('fault SEMANTOS_E_PLUGIN_THREW')
  })

  test('an applier that was refused before it wrote need not be able to restore', async () => {
    const refused = () => Promise.reject(new SemantosError('SEMANTOS_E_APPLY_REFUSED', { message: 'this run may not change the host' }))
    expect((await fail({ apply: refused, undo: refused })).error).toMatchObject({ code: 'SEMANTOS_E_APPLY_REFUSED' })
  })
})

/** Telemetry that fails from the nth look on. */
function failingTelemetry(from: number) {
  let looks = 0
  return plugin('failing', 'telemetry', ({ hooks }) =>
    hooks.collect.tapPromise('t', () => {
      if (++looks >= from) throw new Error('gone')
    }),
  )
}

describe('what cannot be taken back', () => {
  test.each([
    ['an undo that fails', () => Promise.reject(new Error('EIO')), 'applier failed in undo: EIO'],
    ['a knob that failed', () => Promise.resolve([{ knob: 'vm.a', outcome: 'failed' as const, now: null, detail: 'EINVAL' }]), 'vm.a: EINVAL'],
    ['a knob without a word', () => Promise.resolve([]), 'vm.a: applier does not say what became of it'],
    ['an applier that cannot undo', () => Promise.resolve(undefined), 'vm.a: applier does not say what became of it'],
  ])('is an error of its own: %s', async (_, undo, words) => {
    const { error, log } = await fail({ plan: [['vm.a', 1]], undo, judge: () => rollBack })
    expect(error).toMatchObject({ code: 'SEMANTOS_E_UNDO_FAILED' })
    expect(String(error)).toContain(words)
    expect(log).toContain('fault SEMANTOS_E_UNDO_FAILED')
  })

  test('does not keep the rest from being taken back, and is tried again', async () => {
    let attempts = 0
    const { error, log, values } = await fail({
      judge: ({ step }) => (step.knobs[0] === 'vm.b' ? rollBack : { decision: 'promote', reasons: [] }),
      undo: async (applied, write) =>
        applied.map(({ knob, before }) => {
          if (knob === 'vm.b' && attempts++ === 0) throw new Error('busy')
          write(knob, before)
          return { knob, outcome: 'restored', now: before, detail: '' }
        }),
    })
    expect(error).toMatchObject({ code: 'SEMANTOS_E_UNDO_FAILED' })
    expect(writes(log).slice(2)).toEqual(['undo vm.a=0', 'undo vm.b=0'])
    expect(values).toEqual(UNTOUCHED)
  })

  test('says why the run had failed before', async () => {
    const { error } = await fail({ apply: () => Promise.reject(new Error('EPERM')), undo: () => Promise.reject(new Error('EIO')) })
    expect(error).toMatchObject({ code: 'SEMANTOS_E_UNDO_FAILED' })
    expect(String(error)).toMatch(/applier failed in undo: EIO; the run had failed before: applier failed in apply: EPERM/)
  })

  test('a value that somebody else has changed is left to them', async () => {
    const { report } = await run({ judge: () => rollBack, undo: async (applied) => applied.map(({ knob }) => ({ knob, outcome: 'foreign', now: 9, detail: 'changed by another' })) })
    expect(report).toMatchObject({ outcome: 'rolled back', undone: [{ knob: 'vm.a', outcome: 'foreign', now: 9 }] })
  })
})

describe('a judgement of hold', () => {
  test('is followed by another look, with fresh measurements', async () => {
    const { report, log } = await run({ plan: [['vm.a', 1]], judge: ({ look }) => ({ decision: look < 2 ? 'hold' : 'promote', reasons: ['r'] }) })
    expect(log.filter((entry) => entry.startsWith('judge'))).toEqual(['judge vm.a look 0: hold', 'judge vm.a look 1: hold', 'judge vm.a look 2: promote'])
    expect(new Set(log.filter((entry) => entry.startsWith('measure probe'))).size).toBe(15)
    expect(report.outcome).toBe('applied')
  })

  test('is given up after four looks, and the run is taken back', async () => {
    const { report, log, values } = await run({ judge: () => ({ decision: 'hold', reasons: ['unclear'] }) })
    expect(log.filter((entry) => entry.startsWith('judge'))).toHaveLength(4)
    expect(values).toEqual(UNTOUCHED)
    expect(report.steps).toMatchObject([{ judgement: { decision: 'roll back', reasons: ['unclear', 'still undecided after 4 looks'] } }])
  })
})

describe('an abort', () => {
  const STOPPED = new SemantosError('SEMANTOS_E_ABORTED', { message: 'stopped by SIGINT' })

  /** Runs, and aborts as soon as the log has the entry. */
  async function abortedAt(entry: RegExp, parts: Parts, times = 1) {
    await using world = await worldOf({ workload: true, ...parts })
    const running = failureOf(runCycle(world.kernel, { ...SETTINGS, trials: 50 }))
    while (!world.log.some((one) => entry.test(one))) await sleep(0)
    for (let time = 0; time < times; time++) world.kernel.abort(STOPPED)
    const error = await running
    return { error, log: world.log, values: Object.fromEntries(world.values) }
  }
  const slowly = async () => sleep(2)

  test('in the middle of the trials ends the run at once, with nothing written', async () => {
    const { error, log, values } = await abortedAt(/measure baseline 3/, { measure: slowly })
    expect(error).toBe(STOPPED)
    expect(values).toEqual(UNTOUCHED)
    expect(log.at(-1)).toBe('fault SEMANTOS_E_ABORTED')
    expect(log).not.toContain('measure baseline 6')
  })

  test('in the middle of trials that never wait is heard as well', async () => {
    const { error, values } = await abortedAt(/measure baseline 20/, {})
    expect(error).toBe(STOPPED)
    expect(values).toEqual(UNTOUCHED)
  })

  test.each([1, 3])('in the middle of an apply leaves the state as before, however often it is asked for: %i', async (times) => {
    const { error, log, values } = await abortedAt(
      /apply vm.b/,
      {
        apply: async ({ changes }, write) => {
          const applied = []
          for (const { knob, from, to } of changes) {
            write(knob, to)
            await sleep(5)
            applied.push({ knob, before: from, wanted: to, stored: to })
          }
          return applied
        },
        undo: async (applied, write) => {
          await sleep(5)
          return applied.map(({ knob, before }) => {
            write(knob, before)
            return { knob, outcome: 'restored', now: before, detail: '' }
          })
        },
        schedule: () => [{ knobs: ['vm.a', 'vm.b'], host_share: 1 }],
      },
      times,
    )
    expect(error).toBe(STOPPED)
    expect(writes(log)).toEqual(['apply vm.a=1', 'apply vm.b=2', 'undo vm.b=0', 'undo vm.a=0'])
    expect(values).toEqual(UNTOUCHED)
    expect(told(log)).toEqual(['fault SEMANTOS_E_ABORTED'])
  })

  test('in the middle of the last report takes everything back', async () => {
    const reports: string[] = []
    const slow = plugin('slow', 'report', ({ hooks }) =>
      hooks.report.tapPromise('t', async () => {
        reports.push('begun')
        await sleep(1000)
      }),
    )
    const { error, values } = await abortedAt(/report applied/, { more: [slow] })
    expect(reports).toEqual(['begun'])
    expect(error).toBe(STOPPED)
    expect(values).toEqual(UNTOUCHED)
  })
})

describe('the same seed', () => {
  test('gives the same run, byte for byte, in whatever order the plugins are listed', async () => {
    const more = [
      plugin('z-telemetry', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', async (snapshot, { random }) => snapshot.add({ name: 'other', value: random('load')(), unit: 'count' }))),
      plugin('z-guard', 'guardrails', ({ hooks }) => hooks.guard.tapPromise('t', async () => undefined)),
    ]
    const bytes = async (parts: Parts, seed: number) => {
      const { plugins: _, ...report } = (await run({ ...parts, more, kernel: { seed } }, { seed })).report
      return JSON.stringify(report)
    }
    const once = await bytes({}, 42)
    expect(await bytes({}, 42)).toBe(once)
    expect(await bytes({ reversed: true }, 42)).toBe(once)
    expect(await bytes({}, 43)).not.toBe(once)
  })
})
