import { describe, expect, test } from 'vitest'
import { plugin } from '../../../../tests/faults/kernel-of.js'
import { UNTOUCHED, fail, run, told } from '../../../../tests/faults/one-run.js'
import { type Parts } from '../../../../tests/faults/small-world.js'
import { SemantosError } from '@semantos/core'

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
