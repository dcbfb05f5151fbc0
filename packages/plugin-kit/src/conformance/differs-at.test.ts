import { expect, test } from 'vitest'
import { differsAt } from './differs-at.js'

test.each([
  [{ a: 1 }, { a: 1 }, null],
  [{ a: 1 }, { a: 2 }, 'a'],
  [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }, 'a.b[1].c'],
  [{ plan: { recommendations: [1] } }, { plan: { recommendations: [1, 2] } }, 'plan.recommendations[1]'],
  [{ a: null }, { a: {} }, 'a'],
  [{ a: 1, b: 2 }, { a: 1 }, 'b'],
])('%j and %j differ at %s', (before, after, path) => {
  expect(differsAt(before, after)).toBe(path)
})
