import { describe, expect, test } from 'vitest'
import { streams } from '@semantos/core/kernel'
import type { TrialResult, TuneTrial } from '@semantos/core'
import { LEAST_SD_LOG } from './block-noise.js'
import { look } from './compare.js'
import { MOST_BLOCKS } from './looks.js'
import { differencesOf, noiseOf, tooNoisy } from './noise.js'

const RULES = { goal: 'p95', minEffectPct: 3, alpha: 0.05 } as const
const trial = (p95: number): TrialResult => ({
  latency: { p50_ms: p95 / 2, p95_ms: p95, p99_ms: p95 * 2, max_ms: p95 * 3 }, throughput_per_s: 1000, requests: 1000, errors: 0, counters: {}, unseen: [],
})
const noise = (...p95s: number[]) => noiseOf(p95s.map(trial), RULES)
const blocks = ({ blocks_needed: needed }: ReturnType<typeof noise>) => needed.map((row) => row.blocks ?? Number.POSITIVE_INFINITY)

describe('the noise floor', () => {
  test('is the least effect worth having where trials hardly differ', () => {
    expect(noise(100, 100.1, 100, 99.9).floor_ratio).toBeCloseTo(1.03, 10)
  })

  test('is by how much two arms of identical trials typically differ, where that is more', () => {
    // Four trials make three pairs of arms: 100 and 110 against 120 and 140, and so on.
    const [a = 0, b = 0, c = 0, d = 0] = [100, 110, 120, 140].map(Math.log)
    const differences = [a + b - c - d, a + c - b - d, a + d - b - c].map((difference) => Math.abs(difference) / 2).sort((x, y) => x - y)
    expect(Math.log(noise(100, 110, 120, 140).floor_ratio)).toBeCloseTo(differences[1] ?? 0, 10)
  })

  test('does not depend on the order in which those trials ran', () => {
    expect(noise(100, 120, 110, 140).floor_ratio).toBeCloseTo(noise(140, 100, 120, 110).floor_ratio, 10)
  })
})

describe('the noise of two trials', () => {
  test('is by how much the trials of a pair differ', () => {
    expect(differencesOf([100, 110, 120, 140, 7].map(trial), 'p95')).toEqual([Math.log(1.1), expect.closeTo(Math.log(140 / 120), 12)])
    expect(noise(100, 110, 110, 100).sd_log).toBeCloseTo(Math.log(1.1), 12)
  })

  test('is not nothing where all ran into the same time-out', () => {
    expect(noise(1000, 1000, 1000, 1000).sd_log).toBe(LEAST_SD_LOG)
  })
})

describe('how many blocks an effect needs', () => {
  test('fewer for a larger effect, more on a noisier machine, and none do for one within the floor', () => {
    const [quiet, loud] = [blocks(noise(100, 104, 100, 97, 100, 103)), blocks(noise(100, 120, 100, 85, 100, 115))]
    expect(quiet).toEqual(quiet.toSorted((a, b) => b - a))
    for (const [index, needed] of quiet.entries()) expect(needed).toBeLessThanOrEqual(loud[index] ?? 0)
    expect(quiet.at(-1)).toBe(3)
    expect(loud[0]).toBe(Number.POSITIVE_INFINITY)
  })

  test('so many that four of five comparisons call it better, at the level that they have to reach', () => {
    const SD = 0.12
    const random = streams(5)('power')
    const normal = () => SD * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    // Pairs of just this noise, and arms that hardly differ.
    const { blocks_needed: needed, floor_ratio: floorRatio } = noise(100, 100 * Math.exp(SD), 100 * Math.exp(SD), 100)
    const reachable = needed.flatMap(({ effect_pct: effectPct, blocks: count }) => (count !== null && count <= MOST_BLOCKS ? [{ effectPct, count }] : []))
    expect(reachable.length).toBeGreaterThanOrEqual(2)
    for (const { effectPct, count } of reachable) {
      const found = Array.from({ length: 400 }, () => {
        const after = Array.from({ length: count }, () => 100 * Math.exp(normal()) * (1 + effectPct / 100) ** -1)
        const rules = { goal: 'p95', identical: [normal(), normal()], floorLog: Math.log(floorRatio), alpha: 0.05 / 3, mostBlocks: MOST_BLOCKS } as const
        return look(after.map((p95) => ({ before: ran(100), after: ran(p95) })), rules, { verdict: 'inconclusive', decided: false, pValue: 1, words: '' }).verdict
      }).filter((verdict) => verdict === 'better').length
      expect(found / 400, `${effectPct}% in ${count} blocks`).toBeGreaterThan(0.7)
    }
  })

  test('a machine is too noisy where a factor of two would not be seen', () => {
    expect(tooNoisy(noise(100, 104, 100, 97))).toBe(false)
    expect(tooNoisy(noise(100, 900, 100, 12))).toBe(true)
  })
})

function ran(p95: number): TuneTrial {
  return { number: 1, phase: 'confirm', arm: 'x', started: '2026-01-01T00:00:00Z', duration_ms: 1, metrics: {}, result: trial(p95) }
}
