import { describe, expect, it } from 'vitest'
import fixture from './fixtures/quantile.json' with { type: 'json' }
import { median, quantile } from './quantile.js'

describe('quantile', () => {
  it.each(fixture.cases.map((known) => ({ ...known, n: known.values.length })))('is numpy\'s for $n values at $p', ({ values, p, quantile: numpys }) => {
    expect(quantile(values, p)).toBe(numpys)
  })

  it('does not reorder the values it is given', () => {
    const values = [3, 1, 2]
    expect(median(values)).toBe(2)
    expect(values).toEqual([3, 1, 2])
  })

  it('is NaN where there are no values', () => {
    expect(median([])).toBeNaN()
  })
})
