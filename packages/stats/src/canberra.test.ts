import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canberra } from './canberra.js'

const quantities = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }))

describe('canberra', () => {
  it('says how far apart each quantity is', () => {
    expect(canberra({ load: 4, p95_ms: 100, swap: 1 }, { load: 12, p95_ms: 100 })).toEqual({
      distance: 0.5,
      parts: [{ name: 'load', apart: 0.5 }, { name: 'p95_ms', apart: 0 }, { name: 'swap', apart: 1 }],
    })
  })

  it('is free of units', () => {
    expect(canberra({ load: 4 }, { load: 8 }).distance).toBe(canberra({ load: 4e6 }, { load: 8e6 }).distance)
  })

  it('is 0..1, the same both ways, and 0 for the same quantities', () => {
    fc.assert(fc.property(quantities, quantities, (a, b) => {
      const { distance } = canberra(a, b)
      expect(distance).toBeCloseTo(canberra(b, a).distance, 12)
      expect(distance).toBeGreaterThanOrEqual(0)
      expect(distance).toBeLessThanOrEqual(1)
      expect(canberra(a, a).distance).toBe(Object.keys(a).length > 0 ? 0 : 1)
    }))
  })
})
