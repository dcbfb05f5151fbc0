import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Ordered, sortTaps } from './order.js'

function tap(id: string, rules: { before?: string[]; after?: string[] } = {}): Ordered {
  return { id, plugin: id.split('#')[0] ?? id, before: rules.before ?? [], after: rules.after ?? [] }
}
const sorted = (...taps: Ordered[]) => sortTaps('collect', taps).map(({ id }) => id)

describe('taps', () => {
  test('keep their order where they ask for nothing', () => {
    expect(sorted(tap('c#t'), tap('a#t'), tap('b#t'))).toEqual(['c#t', 'a#t', 'b#t'])
  })

  test('run before and after a plugin, or one tap of it', () => {
    expect(sorted(tap('a#t'), tap('b#t', { before: ['a'] }))).toEqual(['b#t', 'a#t'])
    expect(sorted(tap('a#t', { after: ['b#t'] }), tap('b#t'), tap('c#t'))).toEqual(['b#t', 'a#t', 'c#t'])
    expect(sorted(tap('a#1', { after: ['b#2'] }), tap('b#1'), tap('b#2'))).toEqual(['b#1', 'b#2', 'a#1'])
  })

  test('wait for all taps of a plugin', () => {
    expect(sorted(tap('x#t', { after: ['b'] }), tap('b#1'), tap('c#t'), tap('b#2'))).toEqual(['b#1', 'c#t', 'b#2', 'x#t'])
  })

  test('are not moved by a name that nobody has', () => {
    expect(sorted(tap('a#t'), tap('b#t', { before: ['nobody'] }), tap('c#t', { after: ['nobody#t'] }))).toEqual(['a#t', 'b#t', 'c#t'])
  })

  test('may run after the other taps of their own plugin', () => {
    expect(sorted(tap('a#last', { after: ['a'] }), tap('a#first'))).toEqual(['a#first', 'a#last'])
  })

  test('that wait for each other are an error that names them, and only them', () => {
    expect(() => sorted(tap('free#t'), tap('a#t', { after: ['b'] }), tap('b#t', { after: ['a'] }))).toThrow(
      expect.objectContaining({ code: 'SEMANTOS_E_PLUGIN_ORDER', hook: 'collect', message: 'these taps of collect each wait for another: a#t, b#t' }),
    )
  })

  test('are ordered as asked whenever that can be done, and none is lost', () => {
    // Rules that follow a hidden order can always be met.
    const hidden = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 20 })
    fc.assert(
      fc.property(hidden, fc.shuffledSubarray(Array.from({ length: 12 }, (_, index) => index), { minLength: 12 }), (pairs, listed) => {
        const rules = pairs.filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
        const taps = listed.map((index) => tap(`p${index}#t`, { before: rules.filter(([a]) => a === index).map(([, b]) => `p${b}`), after: rules.filter(([, b]) => b === index).map(([a]) => `p${a}#t`) }))
        const order = sorted(...taps)
        expect(order.toSorted()).toEqual(taps.map(({ id }) => id).toSorted())
        for (const [a, b] of rules) expect(order.indexOf(`p${a}#t`)).toBeLessThan(order.indexOf(`p${b}#t`))
      }),
    )
  })

  test('a thousand in a chain, listed backwards, are ordered in a moment', () => {
    const taps = Array.from({ length: 1000 }, (_, index) => tap(`p${index}#t`, index > 0 ? { after: [`p${index - 1}`] } : {}))
    const start = performance.now()
    expect(sorted(...taps.toReversed())).toEqual(taps.map(({ id }) => id))
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
