import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hodgesLehmannRatio, ratioCoverage } from './hodges-lehmann.js'
import { median, sorted } from './quantile.js'

const group = (n: number) => fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: n, maxLength: n })

function ratios(a: readonly number[], b: readonly number[]): Float64Array {
  return sorted(a.flatMap((x) => b.map((y) => Math.log(y) - Math.log(x)))).map(Math.exp)
}

/** All orders in which values of two groups can stand. */
function ordersOf(n: number, m: number): ('a' | 'b')[][] {
  if (n + m === 0) return [[]]
  return [...(n > 0 ? ordersOf(n - 1, m).map((rest) => ['a' as const, ...rest]) : []), ...(m > 0 ? ordersOf(n, m - 1).map((rest) => ['b' as const, ...rest]) : [])]
}

describe('hodgesLehmannRatio', () => {
  it('is the median of the ratios of all pairs', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 12 }).chain(group), fc.integer({ min: 1, max: 12 }).chain(group), (a, b) => {
      const logs = ratios(a, b).map(Math.log)
      expect(Math.log(hodgesLehmannRatio(a, b).ratio)).toBeCloseTo(median(logs), 10)
    }))
  })

  // Critical values of U, two-sided 0.05, as in the tables of Mann and Whitney's test: the interval starts one further.
  it.each([
    { n: 4, m: 4, critical: 0 },
    { n: 5, m: 5, critical: 2 },
    { n: 8, m: 8, critical: 13 },
    { n: 10, m: 10, critical: 23 },
    { n: 16, m: 16, critical: 75 },
    { n: 20, m: 20, critical: 127 },
  ])('has an interval from pair $critical + 1 on for $n against $m', ({ n, m, critical }) => {
    const a = Array.from({ length: n }, (_, index) => 100 + Math.sin(index))
    const b = Array.from({ length: m }, (_, index) => 90 + Math.cos(3 * index))
    const { low, high } = hodgesLehmannRatio(a, b)
    const all = ratios(a, b)
    expect(low).toBeCloseTo(all[critical] ?? Number.NaN, 10)
    expect(high).toBeCloseTo(all[n * m - 1 - critical] ?? Number.NaN, 10)
  })

  it.each([
    { n: 2, holds: 1 - 2 / 6 },
    { n: 3, holds: 1 - 2 / 20 },
    { n: 4, holds: 1 - 2 / 70 },
    { n: 5, holds: 1 - 8 / 252 },
  ])('holds $holds of $n against $n, counted over all orders in which the values can stand', ({ n, holds }) => {
    const all = ordersOf(n, n)
    // The true ratio is 1: each order is as likely as any other.
    const held = all.filter((order) => {
      const valuesOf = (group: 'a' | 'b') => order.flatMap((one, index) => (one === group ? [1.01 ** index] : []))
      const { low, high } = hodgesLehmannRatio(valuesOf('a'), valuesOf('b'))
      return low <= 1 && high >= 1
    })
    expect(held.length / all.length).toBeCloseTo(holds, 12)
    expect(ratioCoverage(n, n)).toBeCloseTo(holds, 12)
  })

  it('holds at least 95% from four against four on', () => {
    for (let n = 4; n <= 40; n++) expect(ratioCoverage(n, n)).toBeGreaterThanOrEqual(0.95)
  })

  it('passes over from the exact interval to the approximate one without a jump', () => {
    const values = (n: number) => Array.from({ length: n }, (_, index) => 100 + 50 * Math.sin(index * index))
    const exact = hodgesLehmannRatio(values(31), values(32))
    const approximate = hodgesLehmannRatio(values(32), values(32))
    expect(approximate.low).toBeCloseTo(exact.low, 1)
    expect(approximate.high).toBeCloseTo(exact.high, 1)
  })

  it('takes 100,000 values a group', () => {
    const a = Float64Array.from({ length: 100_000 }, (_, index) => 100 + ((index * 7919) % 100_003) / 1000)
    const from = performance.now()
    const { ratio, low, high } = hodgesLehmannRatio(a, a.map((value) => value * 0.9))
    expect(performance.now() - from).toBeLessThan(2000)
    expect(ratio).toBeCloseTo(0.9, 6)
    expect(low).toBeLessThan(0.9)
    expect(high).toBeGreaterThan(0.9)
  })
})
