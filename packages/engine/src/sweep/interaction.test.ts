import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { streams } from '@semantos/core/kernel'
import { type Round, holm, interactionOf } from './interaction.js'
import { levelsOf } from './levels.js'
import { truthOf } from './truth.js'
import { Knob } from '@semantos/core'

const random = () => streams(1)('bootstrap')
const rounds = (count: number, joint: number, noise: () => number): Round[] =>
  Array.from({ length: count }, () => {
    const shared = noise()
    return { neither: 100 + shared, first: 90 + shared + noise(), second: 95 + shared, both: 85 + joint + shared }
  })

describe('interactionOf', () => {
  it('is the joint effect minus the sum of the single ones, and what a round has in common drops out', () => {
    const draw = streams(2)('noise')
    const { mean, interval, pValue } = interactionOf(rounds(12, -7, () => 0), 1, random())
    expect(mean).toBeCloseTo(-7, 10)
    expect(interval).toEqual([mean, mean])
    expect(pValue).toBe(2 ** -12)
    expect(interactionOf(rounds(12, -7, () => 3 * draw()), 1, random()).pValue).toBe(2 ** -12)
  })

  it('keeps nothing below the floor, however sure it is', () => {
    expect(interactionOf(rounds(50, -0.9, () => 0), 1, random()).pValue).toBe(1)
  })

  it('is not sure of a few rounds', () => {
    expect(interactionOf(rounds(3, -7, () => 0), 1, random()).pValue).toBe(0.125)
  })

  it('raises a false alarm in no more than 5% of 200 experiments without an interaction', () => {
    const draw = streams(3)('noise')
    const normal = () => 4 * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
    const alarms = Array.from({ length: 200 }, () => interactionOf(rounds(12, 0, normal), 1, draw).pValue).filter((p) => p <= 0.025)
    expect(alarms.length).toBeLessThanOrEqual(10)
  })
})

describe('holm', () => {
  it('is statsmodels\' multipletests(method="holm")', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  })

  it('never lowers a p value, and keeps their order', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
      const adjusted = holm(pValues)
      for (const [index, p] of pValues.entries()) {
        expect(adjusted[index]).toBeGreaterThanOrEqual(p)
        for (const [other, q] of pValues.entries()) if (p < q) expect(adjusted[index]).toBeLessThanOrEqual(adjusted[other] ?? 1)
      }
    }))
  })
})

describe('levelsOf', () => {
  const knob = (type: unknown): Knob => Knob.parse({
    name: 'vm.acme', where: { interface: 'sysctl', path: 'vm/acme', per: 'host', netns: 'none' }, type, default: null, versions: { since: null, until: null, successor: null },
    takes_effect: 'at once', risk: 'low', subsystem: 'memory', meaning: 'A knob that only this test has.', documentation: 'https://example.com', persist: 'none',
  })
  const integer = (search: unknown) => knob({ kind: 'integer', unit: 'count', range: { min: 0, max: 4096 }, safe: { min: 0, max: 4096 }, search })

  it.each([
    ['a linear range', integer({ min: 0, max: 100, step: 10, scale: 'linear' }), 30, [0, 50, 80, 100]],
    ['a range of powers, and a factor of 4', integer({ min: 16, max: 4096, step: 1, scale: 'log2' }), 128, [16, 64, 256, 1024, 4096, 32, 512]],
    ['a switch', knob({ kind: 'boolean' }), 1, [0]],
    ['words', knob({ kind: 'enum', values: [{ value: 'a', meaning: 'a' }, { value: 'b', meaning: 'b' }], brackets: true, open: false }), 'a', ['b']],
    ['a knob that is not for search', integer(null), 7, []],
  ])('of %s', (_what, entry, current, levels) => {
    expect(levelsOf(entry, current)).toEqual(levels)
  })

  it('of a knob that is never tried by itself: none', () => {
    expect(levelsOf({ ...knob({ kind: 'boolean' }), automatic: false }, 1)).toEqual([])
  })
})

describe('truthOf', () => {
  const known = [{ knobs: ['vm.a', 'vm.b'] as const, kind: 'synergizes_with' as const }, { knobs: ['vm.a', 'vm.c'] as const, kind: 'conflicts_with' as const }]
  const edge = (from: string, to: string, kind: 'synergizes_with' | 'conflicts_with') => ({ from, to, kind, weight: 1, evidence_count: 1, source: 's', updated: null })

  it('counts what was found rightly, missed and invented, in whatever order the knobs stand', () => {
    expect(truthOf(known, ['vm.a', 'vm.b', 'vm.c'], [edge('vm.b', 'vm.a', 'synergizes_with'), edge('vm.a', 'vm.c', 'synergizes_with')])).toEqual({
      precision: 0.5, recall: 0.5, missed: ['vm.a conflicts_with vm.c'], invented: ['vm.a synergizes_with vm.c'],
    })
  })

  it('asks only for what was swept', () => {
    expect(truthOf(known, ['vm.a', 'vm.b'], [edge('vm.a', 'vm.b', 'synergizes_with')])).toMatchObject({ precision: 1, recall: 1 })
  })
})
