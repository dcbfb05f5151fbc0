import { describe, expect, test } from 'vitest'
import { streams } from '@semantos/core/kernel'
import type { Goal, TuneTrial } from '@semantos/core'
import type { Block } from './blocks.js'
import { type CompareRules, type Standing, look } from './compare.js'

const trial = (value: number): TuneTrial => ({
  number: 1, phase: 'confirm', arm: 'x', started: '2026-01-01T00:00:00Z', duration_ms: 1, metrics: {},
  result: { latency: { p50_ms: value / 2, p95_ms: value, p99_ms: value * 2, max_ms: value * 3 }, throughput_per_s: value, requests: 1000, errors: 0, counters: {}, unseen: [] },
})
const blocksOf = (...pairs: (readonly [number, number])[]): Block[] => pairs.map(([before, after]) => ({ before: trial(before), after: trial(after) }))
const START: Standing = { verdict: 'inconclusive', decided: false, pValue: 1, words: 'start' }
const rules = (over: Partial<CompareRules> = {}): CompareRules => ({ goal: 'p95', identical: [0.02, -0.03, 0.01, 0.02], floorLog: Math.log(1.03), alpha: 0.05, mostBlocks: 16, ...over })
const repeated = (count: number, before: number, after: number) => blocksOf(...Array.from({ length: count }, (_, index) => [before * (1 + 0.01 * (index % 3)), after * (1 + 0.01 * ((index + 1) % 3))] as const))

/** Looks at a comparison block by block until it is decided. */
function compared(block: () => readonly [number, number], settings: CompareRules): Standing & { readonly blocks: number } {
  const blocks: Block[] = []
  let standing = START
  while (!standing.decided && blocks.length < settings.mostBlocks) {
    blocks.push(...blocksOf(block()))
    standing = look(blocks, settings, standing)
  }
  return { ...standing, blocks: blocks.length }
}

describe('a look at a comparison', () => {
  test('an obvious effect ends at the first look, either way', () => {
    expect(look(repeated(3, 100, 50), rules(), START)).toMatchObject({ verdict: 'better', decided: true })
    expect(look(repeated(3, 50, 100), rules(), START)).toMatchObject({ verdict: 'worse', decided: true })
  })

  test('throughput is better where it is larger', () => {
    const goal: Goal = 'throughput'
    expect(look(repeated(3, 50, 100), rules({ goal }), START).verdict).toBe('better')
    expect(look(repeated(3, 100, 50), rules({ goal }), START).verdict).toBe('worse')
  })

  test('a p value alone keeps nothing: the interval must clear the floor', () => {
    const significant = look(repeated(16, 100, 98), rules({ floorLog: Math.log(1.05) }), START)
    expect(significant.pValue).toBeLessThan(0.001)
    expect(significant.verdict).toBe('no difference')
    expect(significant.words).toMatch(/^no difference larger than [34]\.\d%$/)
  })

  test('no difference means that both ends of the interval lie within the floor', () => {
    const near = look(repeated(16, 100, 100), rules({ floorLog: Math.log(1.05) }), START)
    expect(near).toMatchObject({ verdict: 'no difference', decided: true })
    const [, larger = ''] = /^no difference larger than (.*)%$/.exec(near.words) ?? []
    expect(Number(larger)).toBeLessThanOrEqual(5)
  })

  test('a hopeless comparison ends early and says which improvement it leaves possible, and no more', () => {
    const { verdict, decided, words } = look(repeated(3, 100, 101), rules(), START)
    expect({ verdict, decided }).toEqual({ verdict: 'inconclusive', decided: true })
    expect(words).toMatch(/^no improvement larger than [1-9]\d*\.\d%$/)
  })

  test.each([['p95', 125], ['throughput', 80]] as const)('a clear harm to %s that is not proven yet is never called no difference', (goal, after) => {
    const harmed = look(repeated(3, 100, after), rules({ goal, identical: [0.15, -0.18, 0.12, 0.15], alpha: 0.05 / 3 }), START)
    expect(harmed.pValue).toBeLessThan(0.05)
    expect(harmed).toMatchObject({ verdict: 'inconclusive', decided: true })
    expect(harmed.words).toMatch(/^no improvement( larger than \d\.\d%)?$/)
  })

  test('that every trial was cut off alike does not make the candidate quiet', () => {
    const wild = blocksOf([1000, 950], [1000, 700], [1000, 900])
    const cutOff = look(wild, rules({ identical: [0, 0, 0, 0] }), START)
    expect(cutOff.pValue).toBeCloseTo(look(wild, rules({ identical: [] }), START).pValue, 12)
    expect(cutOff.verdict).toBe('inconclusive')
  })

  test('what may still come out better goes on, until its last block', () => {
    const open = repeated(6, 100, 94)
    expect(look(open, rules({ identical: [0.06, -0.06, 0.05, -0.05] }), START)).toMatchObject({ verdict: 'inconclusive', decided: false })
    expect(look(open, rules({ identical: [0.06, -0.06, 0.05, -0.05], mostBlocks: 6 }), START).decided).toBe(true)
  })

  test('between two looks the earlier one stands', () => {
    expect(look(repeated(7, 100, 50), rules(), START)).toBe(START)
    expect(look(repeated(2, 100, 50), rules(), START)).toBe(START)
  })
})

describe('all looks together', () => {
  const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const SIMULATED = 2000

  test('find a difference between identical arms in at most alpha of all comparisons, even without a floor', () => {
    const random = streams(1)('identical')
    let found = 0
    for (let run = 0; run < SIMULATED; run++) {
      const identical = Array.from({ length: 4 }, () => 0.07 * normal(random))
      const { verdict } = compared(() => [100, 100 * Math.exp(0.07 * normal(random))], rules({ identical, floorLog: 0 }))
      if (verdict === 'better' || verdict === 'worse') found++
    }
    expect(found / SIMULATED).toBeLessThanOrEqual(0.05)
  })

  test.each([2, 4].flatMap((pairs) => [0, 0.01, 0.02, 0.035, 0.05].map((quiet) => [pairs, quiet] as const)))('nor where %i pairs of identical trials differed by %f only', (pairs, quiet) => {
    const random = streams(3)('cut off')
    let found = 0
    for (let run = 0; run < SIMULATED; run++) {
      const identical = Array.from({ length: pairs }, () => quiet * normal(random))
      const { verdict } = compared(() => [100, 100 * Math.exp(0.07 * normal(random))], rules({ identical, floorLog: 0 }))
      if (verdict === 'better' || verdict === 'worse') found++
    }
    expect(found / SIMULATED).toBeLessThanOrEqual(0.05)
  })

  test('a smaller share of the budget makes them stricter', () => {
    const verdicts = (alpha: number) => {
      const random = streams(2)('share')
      return Array.from({ length: 300 }, () => compared(() => [100, 92 * Math.exp(0.07 * normal(random))], rules({ alpha, identical: [0.07, -0.07, 0.07, -0.07] })).verdict)
    }
    const better = (alpha: number) => verdicts(alpha).filter((verdict) => verdict === 'better').length
    expect(better(0.05 / 3)).toBeLessThan(better(0.05))
  })
})
