import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Finite, KnobValue, Whole, Word, formatValue, sameValue } from './value.js'

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success

describe('a whole number', () => {
  test.each([0, 1, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('%d', (value) => {
    expect(Whole.parse(value)).toBe(value)
  })

  test.each([Number.NaN, Infinity, -Infinity, -0, 1.5, Number.EPSILON, 2 ** 53, -(2 ** 53), 1e300, '1', '', null, undefined, true, 1n, [1], {}, new Date(0)])('is not %s', (value) => {
    expect(accepts(Whole, value)).toBe(false)
  })
})

describe('a finite number', () => {
  test.each([0, 0.1, -1e300, Number.MIN_VALUE])('%d', (value) => {
    expect(Finite.parse(value)).toBe(value)
  })

  test.each([Number.NaN, Infinity, -Infinity, -0, '0.1', null, 1n])('is not %s', (value) => {
    expect(accepts(Finite, value)).toBe(false)
  })
})

describe('a word', () => {
  test.each(['always', 'cubic', 'a b', 'mq-deadline', '[x]', '0', '!', 'x'.repeat(256)])('%s', (value) => {
    expect(Word.parse(value)).toBe(value)
  })

  test.each(['', ' ', ' a', 'a ', 'a\n', '\na', 'a\nb', 'a\0b', 'a\x1b[31m', '\t', 'ä', 'a\u2028b', '\u202ea', 'x'.repeat(257)])('is not %j', (value) => {
    expect(accepts(Word, value)).toBe(false)
  })

  test('is always one line of printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (accepts(Word, text)) expect(text).toMatch(/^[ -~]+$/)
      }),
    )
  })
})

describe('the value of a knob', () => {
  test.each([[5], ['always'], [[1, 2, 3]], [Array.from({ length: 64 }, () => 0)]])('%j', (value) => {
    expect(KnobValue.parse(value)).toEqual(value)
  })

  test.each([Number.NaN, -0, 0.5, '', 'a\n', [], [1.5], [-0], [1, Number.NaN], ['1'], [[1]], Array.from({ length: 65 }, () => 0), null, {}, true])('is not %j', (value) => {
    expect(accepts(KnobValue, value)).toBe(false)
  })

  test('is a copy: a list changed afterwards changes nothing', () => {
    const list = [1, 2]
    const value = KnobValue.parse(list)
    list[0] = 9
    expect(value).toEqual([1, 2])
  })

  test('is written as a kernel file expects it', () => {
    expect([formatValue(5), formatValue('always'), formatValue([4096, 131072, 6291456])]).toEqual(['5', 'always', '4096 131072 6291456'])
  })

  test('is the same where it is written the same', () => {
    const value = fc.oneof(fc.maxSafeInteger(), fc.stringMatching(/^[a-z]{1,8}$/), fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 4 }))
    fc.assert(fc.property(value, value, (a, b) => sameValue(a, a) && sameValue(a, b) === (formatValue(a) === formatValue(b))))
    expect(sameValue([1, 2], [2, 1])).toBe(false)
  })
})

test.each([
  [undefined, 'is missing'],
  [Number.NaN, 'must be a whole number that JavaScript holds exactly, and is NaN'],
  [2 ** 60, 'must be a whole number that JavaScript holds exactly, and is 1152921504606847000'],
  [-0, 'must not be -0'],
  ['1\n2', 'must be one line of printable ASCII, at most 256 characters'],
  [[], 'must be a list of 1 to 64 whole numbers'],
  [null, 'must be a whole number, a word, or a list of whole numbers'],
])('why %j is no value', (value, reason) => {
  expect(KnobValue.safeParse(value).error?.issues).toMatchObject([{ message: reason }])
})
