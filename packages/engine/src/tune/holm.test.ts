import { expect, test } from 'vitest'
import { shareOf } from './holm.js'

test('the chance of a false alarm is divided among the comparisons, and each that found a difference leaves its share to the later ones', () => {
  const [found, not] = [{ verdict: 'better' }, { verdict: 'inconclusive' }] as const
  expect(shareOf(0.06, 3, [])).toBeCloseTo(0.02)
  expect(shareOf(0.06, 3, [not])).toBeCloseTo(0.02)
  expect(shareOf(0.06, 3, [found])).toBeCloseTo(0.03)
  expect(shareOf(0.06, 3, [{ verdict: 'worse' }, found])).toBeCloseTo(0.06)
  expect(shareOf(0.06, 1, [])).toBeCloseTo(0.06)
})
