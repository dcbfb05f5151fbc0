import { describe, expect, it } from 'vitest'
import { streams } from '@semantos/core/kernel'
import { bootstrapMedians, resampledMedian } from './bootstrap-medians.js'
import { median, quantile } from './quantile.js'

const improvementPct = (a: number, b: number) => ((a - b) / a) * 100

function lognormal(random: () => number, n: number, centre: number): number[] {
  // Twelve uniforms make a normal that is near enough for a test.
  return Array.from({ length: n }, () => centre * Math.exp(0.1 * (Array.from({ length: 12 }, random).reduce((sum, u) => sum + u, 0) - 6)))
}

describe('resampledMedian', () => {
  it.each([1, 2, 3, 4, 15, 16, 101])('follows the distribution that drawing %i of %i values gives', (n) => {
    const random = streams(1)(`resampled/${n}`)
    const values = lognormal(random, n, 100)
    const draws = 20_000
    const next = resampledMedian(values, random)
    const quick = Array.from({ length: draws }, next)
    const plain = Array.from({ length: draws }, () => median(values.map(() => values[Math.floor(n * random())] ?? Number.NaN)))
    // Kolmogorov and Smirnov's distance; a thousandth of pairs from one distribution exceed 1.95 * sqrt(2 / draws).
    const distance = Math.max(...[...new Set(plain)].map((at) => Math.abs(shareUpTo(quick, at) - shareUpTo(plain, at))))
    expect(distance).toBeLessThan(1.95 * Math.sqrt(2 / draws))
  }, 30_000)
})

function shareUpTo(values: number[], at: number): number {
  return values.reduce((count, value) => count + (value <= at ? 1 : 0), 0) / values.length
}

describe('bootstrapMedians', () => {
  it('covers the true improvement about as often as it says', () => {
    const random = streams(2)('coverage')
    const covered = Array.from({ length: 400 }, () => {
      const [low, high] = bootstrapMedians(lognormal(random, 16, 100), lognormal(random, 16, 90), improvementPct, { random, resamples: 500 })
      return low <= 10 && 10 <= high
    }).filter(Boolean).length
    expect(covered / 400).toBeGreaterThan(0.92)
    expect(covered / 400).toBeLessThan(0.99)
  })

  it('is the same for the same stream and another for another', () => {
    const [a, b] = [lognormal(streams(3)('a'), 16, 100), lognormal(streams(3)('b'), 16, 95)]
    const at = (seed: number) => bootstrapMedians(a, b, improvementPct, { random: streams(seed)('bootstrap') })
    expect(at(1)).toEqual(at(1))
    expect(at(1)).not.toEqual(at(2))
  })

  it('widens with the confidence', () => {
    const [a, b] = [lognormal(streams(4)('a'), 16, 100), lognormal(streams(4)('b'), 16, 95)]
    const width = (confidence: number) => {
      const [low, high] = bootstrapMedians(a, b, improvementPct, { random: streams(4)('bootstrap'), confidence })
      return high - low
    }
    expect(width(0.99)).toBeGreaterThan(width(0.9))
  })

  it('costs no more for 100,000 values than sorting them', () => {
    const values = Float64Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 100_003)
    const from = performance.now()
    const [low, high] = bootstrapMedians(values, values, (a, b) => a - b, { random: streams(5)('large') })
    expect(performance.now() - from).toBeLessThan(1000)
    expect(low).toBeLessThan(0)
    expect(high).toBeGreaterThan(0)
    // The standard error of a median is sqrt(pi / 2 / n) of a normal's deviation; for a uniform it is range / (2 sqrt(n)).
    expect(high - low).toBeCloseTo((2 * 1.96 * Math.SQRT2 * 100_003) / (2 * Math.sqrt(100_000)), -2)
  })

  it('gives quantiles that are values seen for a group of one', () => {
    expect(bootstrapMedians([7], [7], (a, b) => b / a, { random: streams(6)('one') })).toEqual([1, 1])
    expect(quantile([7], 0.3)).toBe(7)
  })
})
