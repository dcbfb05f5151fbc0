import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreementOf, disputed } from './agreement.js'
import { near } from './near.js'

const stance = (uncertainty: number) => ({ members: ['x'] as const, uncertainty })
const Share = fc.double({ min: 0, max: 1, noNaN: true })

describe('agreement', () => {
  it('is what one says alone, and surer with each who agrees', () => {
    expect(agreementOf([0.3], 0.5)).toBe(0.3)
    expect(agreementOf([0.3, 0.4], 0.5)).toBeCloseTo(0.3 * Math.sqrt(0.4), 12)
    expect(agreementOf([0.3, 0.4], 1)).toBeCloseTo(0.12, 12)
    expect(agreementOf([0.3, 0.4], 0)).toBe(0.3)
  })

  it('is less sure with each who says something else', () => {
    expect(disputed(stance(0.2), [stance(0.3)], 0.5)).toBeCloseTo(1 - 0.8 * Math.sqrt(0.3), 12)
    expect(disputed(stance(0.2), [stance(1)], 0.5)).toBeCloseTo(0.2, 12)
    expect(disputed(stance(0.2), [stance(0)], 0.5)).toBe(1)
    expect(disputed(stance(0.2), [], 0.5)).toBe(0.2)
  })

  it('stays between 0 and 1 and never moves the wrong way', () => {
    fc.assert(
      fc.property(fc.array(Share, { minLength: 1, maxLength: 5 }), fc.array(Share, { maxLength: 5 }), Share, (agreeing, against, weight) => {
        const sorted = agreeing.toSorted((a, b) => a - b)
        const together = agreementOf(sorted, weight)
        const doubted = disputed(stance(together), against.map(stance), weight)
        expect(together).toBeLessThanOrEqual((sorted[0] ?? 0) + 1e-12)
        expect(doubted).toBeGreaterThanOrEqual(together - 1e-12)
        expect(doubted).toBeLessThanOrEqual(1)
        expect(together).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('near', () => {
  it.each([
    [10, 20, 60, true],
    [10, 21, 60, false],
    [50, 70, 60, false],
    [60, 50, 60, false],
    [0, 1, null, false],
    [-5, -9, null, true],
    [-5, 5, null, false],
    ['bbr', 'bbr', 'cubic', true],
    ['bbr', 'reno', 'cubic', false],
    ['bbr', 1, null, false],
    [[4096, 131_072, 8_388_608], [4096, 131_072, 16_777_216], [4096, 131_072, 6_291_456], true],
    [[4096, 131_072, 8_388_608], [4096, 65_536, 8_388_608], [4096, 131_072, 6_291_456], false],
    [[1, 2], [1, 2, 3], null, false],
  ])('%j and %j from %j: %j', (a, b, now, expected) => {
    expect(near(a, b, now, 2)).toBe(expected)
    expect(near(b, a, now, 2)).toBe(expected)
  })
})
