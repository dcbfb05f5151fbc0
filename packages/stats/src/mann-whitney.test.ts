import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import fixture from './fixtures/mann-whitney.json' with { type: 'json' }
import { countsOfU, mannWhitney, orders } from './mann-whitney.js'

const group = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 })

describe('mannWhitney', () => {
  it.each(fixture.cases.map((known, index) => ({ ...known, index, n: known.a.length, m: known.b.length })))(
    'is scipy\'s for case $index: $n against $m, $method',
    ({ a, b, u, p, method }) => {
      const ours = mannWhitney(a, b)
      expect(ours).toMatchObject({ u, method })
      expect(Math.abs(ours.p / p - 1)).toBeLessThan(1e-12)
    },
  )

  it('is the same whichever group is named first, and U counts each pair once', () => {
    fc.assert(fc.property(group, group, (a, b) => {
      const [one, other] = [mannWhitney(a, b), mannWhitney(b, a)]
      expect(one.u + other.u).toBe(a.length * b.length)
      expect(one.p).toBe(other.p)
    }))
  })

  it('counts every order of the values once (32 over 16)', () => {
    expect([...countsOfU(2, 3, 6)]).toEqual([1, 1, 2, 2, 2, 1, 1])
    expect(countsOfU(16, 16, 256).reduce((sum, count) => sum + count)).toBe(601_080_390)
    expect(orders(16, 16)).toBe(601_080_390)
  })

  it('goes through 100,000 values a group in well under a second', () => {
    const a = Float64Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 100_003)
    const b = a.map((value) => value + 500)
    const from = performance.now()
    expect(mannWhitney(a, b).p).toBeLessThan(0.001)
    expect(performance.now() - from).toBeLessThan(1000)
  })
})
