import { describe, expect, test } from 'vitest'
import { plugin } from '../../../../tests/faults/kernel-of.js'
import { UNTOUCHED, run, writes } from '../../../../tests/faults/one-run.js'
import { type Parts, recommend } from '../../../../tests/faults/small-world.js'
import type { Reading } from '@semantos/core'

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
    await run({ more: [streaming] }, { emit: (event) => event.type === 'trial' && progress.push(`${event.done}/${event.total}`) })
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
      'vm.b': { status: 'unavailable', knob: 'vm.b', reason: 'this kernel does not have it', successor: 'vm.c' },
      'vm.c': { status: 'not permitted', knob: 'vm.c', reason: 'lockdown' },
    }
    const { report, log } = await run({ plan: [['vm.a', 0], ['vm.b', 1], ['vm.c', 1], ['vm.d', 1]], reading: (knob) => other[knob] })
    expect(writes(log)).toEqual(['apply vm.d=1'])
    expect(report.changes).toEqual([{ knob: 'vm.d', from: 0, to: 1 }])
    expect(report.readings.map(({ knob, status }) => [knob, status])).toEqual([['vm.a', 'present'], ['vm.b', 'unavailable'], ['vm.c', 'not permitted'], ['vm.d', 'present']])
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
