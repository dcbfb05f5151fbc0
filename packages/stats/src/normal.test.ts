import { expect, it } from 'vitest'
import fixture from './fixtures/normal-upper-tail.json' with { type: 'json' }
import { normalUpperTail } from './normal.js'

it.each(fixture.cases)('is scipy\'s norm.sf at $z', ({ z, p }) => {
  expect(Math.abs(normalUpperTail(z) / p - 1)).toBeLessThan(2e-13)
})
