import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knobOf } from '../../../tests/faults/fake-root.js'
import { refuses } from './accepts.js'
import type { KnobInput } from './knob.js'
import type { KnobValue } from './value.js'

const RANGE = { min: 0, max: 100 }
const SAFE = { min: 10, max: 20 }
const TYPES = {
  integer: { kind: 'integer', unit: 'count', range: RANGE, safe: SAFE, search: null, special: [{ value: -1, meaning: 'no limit' }] },
  boolean: { kind: 'boolean' },
  enum: { kind: 'enum', values: [{ value: 'always', meaning: 'm' }, { value: 'never', meaning: 'm' }], brackets: true, open: false },
  openEnum: { kind: 'enum', values: [{ value: 'cubic', meaning: 'm' }], brackets: false, open: true },
  vector: { kind: 'vector', unit: 'bytes', fields: ['low', 'high'].map((name) => ({ name, range: RANGE, safe: SAFE })), ascending: false },
  ascending: { kind: 'vector', unit: 'bytes', fields: ['low', 'high'].map((name) => ({ name, range: RANGE, safe: SAFE })), ascending: true },
} satisfies Record<string, KnobInput['type']>

const knob = (kind: keyof typeof TYPES) => knobOf('vm.a', { type: TYPES[kind] })

describe('a knob takes', () => {
  test.each([
    ['integer', 0, 'range'], ['integer', 100, 'range'], ['integer', -1, 'range'], ['integer', 10, 'safe'], ['integer', 20, 'safe'], ['integer', -1, 'safe'],
    ['boolean', 0, 'safe'], ['boolean', 1, 'safe'],
    ['enum', 'never', 'safe'], ['openEnum', 'bbr', 'safe'], ['openEnum', 'cubic', 'range'],
    ['vector', [0, 100], 'range'], ['vector', [20, 10], 'safe'], ['ascending', [10, 20], 'safe'], ['ascending', [15, 15], 'safe'],
  ] as const)('%s = %j (%s)', (kind, value, level) => {
    expect(refuses(knob(kind), value, level)).toBeNull()
  })
})

describe('a knob refuses, and says which bound', () => {
  test.each([
    ['integer', 101, 'range', 'range', '0..100', 'vm.a = 101 is outside what the kernel accepts, 0..100'],
    ['integer', -2, 'range', 'range', '0..100', 'vm.a = -2 is outside what the kernel accepts, 0..100'],
    ['integer', 21, 'safe', 'safe', '10..20', 'vm.a = 21 is outside the safe bounds, 10..20'],
    ['integer', Number.NaN, 'range', 'range', '0..100', 'vm.a = NaN is outside what the kernel accepts, 0..100'],
    ['integer', Infinity, 'range', 'range', '0..100', 'vm.a = Infinity is outside what the kernel accepts, 0..100'],
    ['integer', '5', 'range', 'type', 'a whole number', 'vm.a = 5 is not a whole number'],
    ['integer', [5], 'range', 'type', 'a whole number', 'vm.a = 5 is not a whole number'],
    ['boolean', 2, 'range', 'type', '0 or 1', 'vm.a = 2 is not 0 or 1'],
    ['boolean', '1', 'range', 'type', '0 or 1', 'vm.a = 1 is not 0 or 1'],
    ['boolean', [1], 'range', 'type', '0 or 1', 'vm.a = 1 is not 0 or 1'],
    ['enum', 'sometimes', 'range', 'type', 'one of always, never', 'vm.a = sometimes is not one of always, never'],
    ['enum', 0, 'range', 'type', 'a word', 'vm.a = 0 is not a word'],
    ['openEnum', 1, 'range', 'type', 'a word', 'vm.a = 1 is not a word'],
    ['openEnum', [1, 2], 'range', 'type', 'a word', 'vm.a = 1 2 is not a word'],
    ['vector', 5, 'range', 'type', '2 whole numbers', 'vm.a = 5 is not 2 whole numbers'],
    ['vector', '5 6', 'range', 'type', '2 whole numbers', 'vm.a = 5 6 is not 2 whole numbers'],
    ['vector', [5], 'range', 'type', '2 whole numbers', 'vm.a = 5 is not 2 whole numbers'],
    ['vector', [1, 2, 3], 'range', 'type', '2 whole numbers', 'vm.a = 1 2 3 is not 2 whole numbers'],
    ['vector', [0, 101], 'range', 'range', '0..100', 'vm.a (high) = 101 is outside what the kernel accepts, 0..100'],
    ['vector', [9, 15], 'safe', 'safe', '10..20', 'vm.a (low) = 9 is outside the safe bounds, 10..20'],
    ['vector', [Number.NaN, 15], 'range', 'range', '0..100', 'vm.a (low) = NaN is outside what the kernel accepts, 0..100'],
    ['ascending', [20, 10], 'range', 'type', 'numbers in ascending order', 'vm.a = 20 10 is not numbers in ascending order'],
  ] as const)('%s = %j (%s)', (kind, value, level, rule, bound, message) => {
    expect(refuses(knob(kind), value, level)).toEqual({ rule, bound, message })
  })
})

test('what is safe is in range, whatever the type and the value', () => {
  const value: fc.Arbitrary<KnobValue> = fc.oneof(fc.integer({ min: -5, max: 110 }), fc.constantFrom('always', 'other'), fc.array(fc.integer({ min: -5, max: 110 }), { minLength: 1, maxLength: 3 }))
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(TYPES)), value, (type, wanted) => {
      const subject = knobOf('vm.a', { type })
      if (refuses(subject, wanted, 'safe') === null) expect(refuses(subject, wanted, 'range')).toBeNull()
    }),
    { numRuns: 500 },
  )
})
