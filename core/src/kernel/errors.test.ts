import { describe, expect, test, vi } from 'vitest'
import { untyped } from '../../../tests/faults/kernel-of.js'
import { CODES, SemantosError, attributed, isSemantosError, messageOf } from './errors.js'

describe('an error', () => {
  test('carries its code, place, plugin, hook, cause, next step and exit status', () => {
    const cause = new Error('deeper')
    const error = new SemantosError('SEMANTOS_E_CONFIG_INVALID', { message: 'm', place: 'file:3', plugin: 'p', hook: 'h', cause })
    expect(error).toMatchObject({ name: 'SemantosError', code: 'SEMANTOS_E_CONFIG_INVALID', message: 'm', place: 'file:3', plugin: 'p', hook: 'h', cause, exit: 2, next: 'Correct the entry at the path shown.' })
    expect(error).toBeInstanceOf(Error)
  })

  test('has nothing where nothing was given, and a better next step where one was', () => {
    expect(new SemantosError('SEMANTOS_E_ABORTED', { message: 'm' })).toMatchObject({ place: null, plugin: null, hook: null, cause: undefined, exit: 1 })
    expect(new SemantosError('SEMANTOS_E_ABORTED', { message: 'm', next: 'Rest.' }).next).toBe('Rest.')
  })

  test('has a code of the catalogue; where a plugin invents one, its message is not lost', () => {
    expect(() => new SemantosError(untyped('SEMANTOS_E_MINE'), { message: 'no entropy' })).toThrow("there is no error code 'SEMANTOS_E_MINE', use one of docs/errors.md; it was to say: no entropy")
  })

  test('is known to another copy of this package, as its errors are to this one', async () => {
    vi.resetModules()
    const copy = await import('./errors.js')
    expect(copy.SemantosError).not.toBe(SemantosError)
    const theirs: unknown = new copy.SemantosError('SEMANTOS_E_WORKLOAD', { message: 'm', place: 'x' })
    expect(theirs instanceof SemantosError).toBe(false)
    expect(isSemantosError(theirs)).toBe(true)
    expect(copy.isSemantosError(new SemantosError('SEMANTOS_E_WORKLOAD', { message: 'm' }))).toBe(true)
    if (isSemantosError(theirs)) expect(attributed(theirs, 'p', 'measure')).toMatchObject({ code: 'SEMANTOS_E_WORKLOAD', place: 'x', plugin: 'p', hook: 'measure', stack: theirs.stack })
  })

  test.each([new Error('x'), null, undefined, 'SEMANTOS_E_ABORTED', { code: 'SEMANTOS_E_ABORTED' }])('of any other kind is not one of ours: %s', (error) => {
    expect(isSemantosError(error)).toBe(false)
  })
})

describe('every code', () => {
  test.each(Object.entries(CODES))('%s says what to do next, in a sentence', (_, { next, exit }) => {
    expect(next).toMatch(/^[A-Z].*[.]$/)
    expect([1, 2, 3]).toContain(exit)
  })
})

test.each([
  [new Error('x'), 'x'],
  ['text', 'text'],
  [undefined, 'undefined'],
  [Symbol('s'), 'Symbol(s)'],
  [Object.create(null), '[object Object]'],
])('whatever was thrown has words', (thrown: unknown, words) => {
  expect(messageOf(thrown)).toBe(words)
})
