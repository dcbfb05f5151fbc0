import { describe, expect, test } from 'vitest'
import { plugin } from '../../../../tests/faults/kernel-of.js'
import { UNTOUCHED, fail, rollBack, run, told, writes } from '../../../../tests/faults/one-run.js'
import { type Parts } from '../../../../tests/faults/small-world.js'
import { SemantosError } from '@semantos/core'

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

  test.each(['no difference', 'inconclusive'] as const)('but not when the evaluation says %s', async (verdict) => {
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
    const { report } = await run({ judge: () => rollBack, undo: async (applied) => applied.map(({ knob }) => ({ knob, outcome: 'modified externally', now: 9, detail: 'changed by another' })) })
    expect(report).toMatchObject({ outcome: 'rolled back', undone: [{ knob: 'vm.a', outcome: 'modified externally', now: 9 }] })
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
