import type { Trace } from '@semantos/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, nearest } from './nearest.js'

function trace(id: string, metrics: Trace['metrics'], time = '2026-01-01T00:00:00Z'): Trace {
  return { id, time, host: {}, workload: 'web', metrics, actions: [], improvement_pct: 1, verdict: 'better' }
}

const metrics = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }))

describe('distance', () => {
  it('is free of units: twice the load is as far as twice the packets', () => {
    expect(distance({ load: 4 }, { load: 8 })).toBeCloseTo(distance({ packets: 20_000 }, { packets: 40_000 }), 12)
  })

  it('counts a metric that one lacks as far apart as can be', () => {
    expect(distance({ a: 1, b: 1 }, { a: 1 })).toBe(0.5)
    expect(distance({}, {})).toBe(1)
  })

  it('is 0..1, the same both ways, and 0 for the same metrics', () => {
    fc.assert(fc.property(metrics, metrics, (a, b) => {
      expect(distance(a, b)).toBeCloseTo(distance(b, a), 12)
      expect(distance(a, b)).toBeGreaterThanOrEqual(0)
      expect(distance(a, b)).toBeLessThanOrEqual(1)
      if (Object.keys(a).length > 0) expect(distance(a, a)).toBe(0)
    }))
  })
})

describe('nearest', () => {
  const traces = [trace('far', { load: 100 }), trace('near', { load: 11 }), trace('other', { packets: 10 }), trace('middle', { load: 20 })]

  it('orders by distance', () => {
    expect(nearest(traces, { load: 10 }, 3).map(({ id }) => id)).toEqual(['near', 'middle', 'far'])
    expect(nearest(traces, { load: 10 }, 0)).toEqual([])
  })

  it('prefers the newer of two that are as near, and does not depend on the order of the file', () => {
    const equal = [trace('b', { load: 1 }), trace('a', { load: 1 }), trace('new', { load: 1 }, '2026-02-01T00:00:00Z')]
    for (const order of [equal, equal.toReversed()]) expect(nearest(order, { load: 1 }, 3).map(({ id }) => id)).toEqual(['new', 'a', 'b'])
  })
})
