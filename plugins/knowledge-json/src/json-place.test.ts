import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { whereBroken, whereIs } from './json-place.js'

describe('whereBroken', () => {
  it.each([
    ['', 1, 1, 'a value'],
    ['[1,\n 2,\n]', 3, 1, 'a value (no comma before ])'],
    ['{"a": 1,}', 1, 9, 'a name in double quotes (no comma before })'],
    ['{a: 1}', 1, 2, 'a name in double quotes'],
    ["{'a': 1}", 1, 2, 'a name in double quotes'],
    ['{"a" 1}', 1, 6, "':'"],
    ['[1 2]', 1, 4, "',' or ']'"],
    ['[\n  {"a": 1}\n  {"a": 2}\n]', 3, 3, "',' or ']'"],
    ['{"a": "b}', 1, 7, 'a string that ends, with \\ before special characters'],
    ['["a\nb"]', 1, 2, 'a string that ends, with \\ before special characters'],
    ['[01]', 1, 3, "',' or ']'"],
    ['[NaN]', 1, 2, 'a value'],
    ['[1] x', 1, 5, 'the end of the file'],
    ['[{"a": [1, 2', 1, 13, "',' or ']'"],
    ['[1] // why', 1, 5, 'the end of the file'],
  ])('%j breaks at %i:%i, where there should be %s', (text, line, column, wanted) => {
    expect(whereBroken(text)).toEqual({ place: { line, column }, wanted })
  })

  it('agrees with JSON.parse on every text that has lost or gained something', () => {
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '{', '[', ':', '\\', '0', '-', '\n', ' ', '\u0000', 'e'), fc.nat({ max: 2 }))
      .map(([text, at, insert, remove]) => text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + remove))
    fc.assert(
      fc.property(mutated, (text) => {
        expect(whereBroken(text).wanted === 'JSON').toBe(isJson(text))
      }),
      { numRuns: 1000 },
    )
  })

  it('takes text that is nested without end for broken', () => {
    expect(whereBroken('['.repeat(100_000))).toMatchObject({ wanted: 'at most 500 levels of nesting' })
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('whereIs', () => {
  const text = '[\n  { "a": 1,\n    "b": { "c d": [true, "x"] } },\n  null\n]'

  it.each([
    { path: [], line: 1, column: 1 },
    { path: [0], line: 2, column: 3 },
    { path: [0, 'a'], line: 2, column: 10 },
    { path: [0, 'b', 'c d', 1], line: 3, column: 26 },
    { path: [1], line: 4, column: 3 },
    { path: [0, 'missing', 'deeper'], line: 2, column: 3 },
  ])('$path is at $line:$column', ({ path, line, column }) => {
    expect(whereIs(text, path)).toEqual({ line, column })
  })
})
