import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { failureOf, plugin } from '../../../../tests/faults/kernel-of.js'
import { UNTOUCHED, told, writes } from '../../../../tests/faults/one-run.js'
import { type Parts, SETTINGS, worldOf } from '../../../../tests/faults/small-world.js'
import { SemantosError } from '@semantos/core'
import { runCycle } from './cycle.js'

describe('an abort', () => {
  const STOPPED = new SemantosError('SEMANTOS_E_ABORTED', { message: 'stopped by SIGINT' })

  /** Runs, and aborts as soon as the log has the entry. */
  async function abortedAt(entry: RegExp, parts: Parts, times = 1) {
    await using world = await worldOf({ workload: true, ...parts })
    const run = world.kernel.begin()
    const running = failureOf(runCycle(world.kernel, { ...SETTINGS, trials: 50 }, run))
    while (!world.log.some((one) => entry.test(one))) await sleep(0)
    for (let time = 0; time < times; time++) run.abort(STOPPED)
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
