import { describe, expect, test } from 'vitest'
import { failureOf, plugin } from '../../../../tests/faults/kernel-of.js'
import { SETTINGS, worldOf } from '../../../../tests/faults/small-world.js'
import { runCycle } from './cycle.js'

describe('results of several reports', () => {
  /** A report whose file says what becomes of it. */
  const reporter = (name: string, said: string[], finish = () => {}) =>
    plugin(name, 'report', ({ hooks }) =>
      hooks.report.tapPromise('t', (_, { publish }) => {
        const say = (what: string) => void said.push(`${name} ${what}`)
        publish({
          finish: () => {
            finish()
            say('finished')
          },
          publish: () => say('named'),
          discard: () => say('dropped'),
        })
      }),
    )
  const full = () => {
    throw new Error('the disk is full')
  }

  test('get their names when all are on the disk', async () => {
    const said: string[] = []
    await using world = await worldOf({ more: [reporter('a', said), reporter('b', said)] })
    await runCycle(world.kernel, SETTINGS)
    expect(said.slice(0, 4)).toEqual(['a finished', 'b finished', 'a named', 'b named'])
  })

  test.each([
    ['one does not fit', (said: string[]) => reporter('z', said, full)],
    ['another report fails', () => plugin('z', 'report', ({ hooks }) => hooks.report.tapPromise('t', full))],
  ])('get none where %s', async (_, last) => {
    const said: string[] = []
    await using world = await worldOf({ more: [reporter('a', said), last(said), reporter('b', said)] })
    expect(await failureOf(runCycle(world.kernel, SETTINGS))).toMatchObject({ plugin: 'z', hook: 'report' })
    expect(said.filter((word) => word.endsWith('named'))).toEqual([])
    expect(said).toEqual(expect.arrayContaining(['a dropped', 'b dropped']))
    expect([...world.values.values()].every((value) => value === 0)).toBe(true)
    expect(world.log.filter((entry) => entry.startsWith('learn'))).toEqual([])
  })

  test('get none where what there was to learn could not be kept', async () => {
    const said: string[] = []
    const forgetful = plugin('z', 'knowledge', ({ hooks }) => hooks.learn.tapPromise('t', full))
    await using world = await worldOf({ more: [reporter('a', said), forgetful] })
    expect(await failureOf(runCycle(world.kernel, SETTINGS))).toMatchObject({ plugin: 'z', hook: 'learn' })
    expect(said).toEqual(['a finished', 'a dropped'])
  })
})
