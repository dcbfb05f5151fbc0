import { describe, expect, test } from 'vitest'
import type { TrialResult } from '../model/evaluation.js'
import { noiseOf, tooNoisy } from './noise.js'

const trial = (p95: number): TrialResult => ({
  latency: { p50_ms: p95 / 2, p95_ms: p95, p99_ms: p95 * 2, max_ms: p95 * 3 }, throughput_per_s: 1000, requests: 1000, errors: 0, counters: {}, unseen: [],
})
const noise = (...p95s: number[]) => noiseOf(p95s.map(trial), 'p95', 3)
const blocks = ({ blocks_needed: needed }: ReturnType<typeof noise>) => needed.map((row) => row.blocks)

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

describe('how many blocks an effect needs', () => {
  test('fewer for a larger effect, more on a noisier machine', () => {
    const [quiet, loud] = [blocks(noise(100, 104, 100, 97, 100, 103)), blocks(noise(100, 120, 100, 85, 100, 115))]
    expect(quiet).toEqual(quiet.toSorted((a, b) => b - a))
    for (const [index, needed] of quiet.entries()) expect(needed).toBeLessThanOrEqual(loud[index] ?? 0)
    expect(quiet.at(-1)).toBe(3)
  })

  test('a machine is too noisy where a factor of two would not be seen', () => {
    expect(tooNoisy(noise(100, 104, 100, 97))).toBe(false)
    expect(tooNoisy(noise(100, 900, 100, 12))).toBe(true)
  })
})
