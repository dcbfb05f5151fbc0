import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knobOf } from '../../../tests/faults/fake-root.js'
import { chosen } from './brackets.js'
import { knobText, knobValue } from './text.js'

const range = { min: 0, max: 100 }
const integer = knobOf('vm.a').type
const flag = knobOf('vm.a', { type: { kind: 'boolean' } }).type
const yesNo = knobOf('vm.a', { type: { kind: 'boolean', off: 'N', on: 'Y' } }).type
const choice = knobOf('vm.a', { type: { kind: 'enum', values: [{ value: 'none', meaning: 'none' }], brackets: true, open: true } }).type
const vector = knobOf('vm.a', { type: { kind: 'vector', unit: 'bytes', ascending: true, fields: ['min', 'max'].map((name) => ({ name, range, safe: range })) } }).type

describe('what a kernel file shows', () => {
  test.each([
    ['a number', integer, '60', 60],
    ['a negative number', integer, '-1', -1],
    ['minus nought', integer, '-0', 0],
    ['a number beyond 2^53, kept as text', integer, '18446744073692774399', '18446744073692774399'],
    ['a word in a number file', integer, 'max', 'max'],
    ['a flag', flag, '1', 1],
    ['a flag with a third setting', flag, '2', 2],
    ['a flag in words of its own', yesNo, 'Y', 1],
    ['a flag of a module, shown as a letter', flag, 'N', 0],
    ['a choice in brackets', choice, 'none [mq-deadline] kyber ', 'mq-deadline'],
    ['numbers apart by tabs', vector, '4096\t131072', [4096, 131072]],
    ['nothing', integer, '', null],
    ['several lines', integer, 'a\nb', null],
  ])('%s', (_, type, text, value) => {
    expect(knobValue(type, text)).toEqual(value)
  })

  test('any safe integer is read back as written', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (n) => {
      const number = n + 0
      expect(knobValue(integer, knobText(integer, number))).toBe(number)
    }))
  })

  test('no text at all makes it throw or give a value that is not one line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(integer, flag, choice, vector), (text, type) => {
      const value = knobValue(type, text)
      expect(value === null || !/[\n\0]/.test(knobText(type, value))).toBe(true)
    }))
  })
})

test('flags are written in the words of their file', () => {
  expect([knobText(yesNo, 1), knobText(yesNo, 0), knobText(flag, 1), knobText(vector, [1, 2])]).toEqual(['Y', 'N', '1', '1 2'])
})

test('the chosen word of a list without brackets is the list', () => {
  expect(chosen('cubic')).toBe('cubic')
})
