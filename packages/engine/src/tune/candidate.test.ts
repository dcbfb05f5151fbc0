import { describe, expect, test } from 'vitest'
import { Catalogue, Knob } from '@semantos/core'
import { candidateOf, rung } from './candidate.js'

const RANGE = { min: -1, max: 1_000_000 }

/** The next values for a knob that stood at `from` and was better at `to`, searched from 16 to 8192. */
function rungs(from: number, to: number, scale: 'log2' | 'linear' = 'log2'): (number | null)[] {
  const knob = Knob.parse({
    name: 'vm.x',
    where: { interface: 'sysctl', path: 'vm/x', per: 'host', netns: 'none' },
    type: { kind: 'integer', unit: 'count', range: RANGE, safe: RANGE, search: { min: 16, max: 8192, step: 16, scale }, special: [{ value: 0, meaning: 'no limit' }] },
    default: null, versions: { since: null, until: null, successor: null }, takes_effect: 'at once', risk: 'low', subsystem: 'memory',
    meaning: 'A knob that this test needs.', documentation: 'https://docs.kernel.org/', evidence: [], persist: 'sysctl.d',
  })
  const catalogue = Catalogue.of([knob])
  return (['further', 'halfway'] as const).map((where) => {
    const value = rung(candidateOf([{ knob: 'vm.x', value: to }], 0.1), new Map([['vm.x', from]]), catalogue, where)?.settings[0]?.value
    return typeof value === 'number' ? value : null
  })
}

describe('the next rung', () => {
  test('goes on in the direction that helped, by eight, and back by half of it', () => {
    expect(rungs(64, 512)).toEqual([4096, 256])
    expect(rungs(512, 64)).toEqual([16, 256])
  })

  test('goes up from a value below the search range, and down from one above', () => {
    expect(rungs(4, 32)).toEqual([256, null])
    expect(rungs(100_000, 1024)).toEqual([128, 4096])
  })

  test('ends at the end of the search range', () => {
    expect(rungs(1024, 8192)[0]).toBeNull()
    expect(rungs(1024, 16)[0]).toBeNull()
  })

  test('takes a special value, such as no limit, for the far end', () => {
    expect(rungs(0, 256)[0]).toBe(32)
    expect(rungs(0, 6000)[0]).toBe(8192)
  })

  test('goes as far again on a linear scale', () => {
    expect(rungs(1616, 3216, 'linear')).toEqual([4816, 2416])
  })
})
