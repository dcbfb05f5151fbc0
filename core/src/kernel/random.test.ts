import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shuffled, streams } from './random.js'

const take = (next: () => number, count: number) => Array.from({ length: count }, () => next())

describe('a named stream', () => {
  test('is the same for the same seed and name, whatever was drawn from others before', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), fc.string(), fc.nat(50), (seed, name, other, draws) => {
        const quiet = take(streams(seed)(name), 5)
        const busy = streams(seed)
        const mine = busy(name)
        take(busy(other), draws)
        expect(take(mine, 5)).toEqual(quiet)
      }),
    )
  })

  test('differs from every other name and seed', () => {
    const firsts = [1, 2].flatMap((seed) => ['a', 'b', 'a/b'].map((name) => streams(seed)(name)()))
    expect(new Set(firsts).size).toBe(6)
  })

  test('gives the numbers it has always given', () => {
    expect(take(streams(42)('workload/trial'), 3)).toMatchInlineSnapshot(`
      [
        0.5121315408032387,
        0.8528568658512086,
        0.5475067310035229,
      ]
    `)
  })

  test('is spread evenly over 0..1', () => {
    const numbers = take(streams(7)('spread'), 20_000)
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((number) => Math.floor(number * 10) === tenth).length)
    // 2000 expected in each, standard deviation 42.
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })
})

describe('a shuffled list', () => {
  test('has the same items, each order as often as any other', () => {
    const random = streams(3)('order')
    const counts = new Map<string, number>()
    for (let draw = 0; draw < 6000; draw++) {
      const order = shuffled(['a', 'b', 'c'], random).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
    // 1000 expected of each, standard deviation 29.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
