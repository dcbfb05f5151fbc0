import { expect, test } from 'vitest'
import { LEAST_FOR_COMPARISON, MOST_BLOCKS, levelAt } from './looks.js'

test.each([3, 5, 7, MOST_BLOCKS])('the looks at a comparison of at most %i blocks spend its chance of a false alarm, and no more', (mostBlocks) => {
  const levels = Array.from({ length: mostBlocks }, (_, index) => levelAt(index + 1, { alpha: 0.05, mostBlocks })).filter((level) => level !== null)
  expect(levels.reduce((sum, level) => sum + level, 0)).toBeCloseTo(0.05, 12)
  expect(Math.min(...levels)).toBeGreaterThan(0)
})

test('the first look is after the fewest trials that a comparison takes', () => {
  const first = Array.from({ length: MOST_BLOCKS }, (_, index) => index + 1).find((blocks) => levelAt(blocks, { alpha: 0.05, mostBlocks: MOST_BLOCKS }) !== null)
  expect(2 * (first ?? 0)).toBe(LEAST_FOR_COMPARISON)
})
