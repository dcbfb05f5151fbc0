import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knobOf } from '../../../tests/faults/fake-root.js'
import { Catalogue } from './catalogue.js'
import { editDistance } from './similar.js'

const NAMES = ['vm.swappiness', 'vm.dirty_ratio', 'vm.dirty_background_ratio', 'net.core.somaxconn', 'block.read_ahead_kb']
const catalogue = Catalogue.of(NAMES.map((name) => knobOf(name)))

describe('a catalogue', () => {
  test('has its knobs ordered by name', () => {
    expect(catalogue.names).toEqual(NAMES.toSorted())
    expect([...catalogue].map(({ name }) => name)).toEqual(NAMES.toSorted())
    expect(catalogue.size).toBe(5)
  })

  test('finds a knob by its name, and by a reference to one device', () => {
    expect(catalogue.get('vm.swappiness')?.name).toBe('vm.swappiness')
    expect(catalogue.get('block.read_ahead_kb[vda]')?.name).toBe('block.read_ahead_kb')
  })

  test.each(['', 'vm', 'VM.SWAPPINESS', 'vm.swappiness ', '__proto__', 'constructor', 'vm/swappiness'])('does not have %j', (name) => {
    expect(catalogue.get(name)).toBeUndefined()
  })

  test('loads a knob when it is first asked for, and once', () => {
    const loaded: string[] = []
    const lazy = new Catalogue(
      ['vm.b', 'vm.a'].map((name) => ({
        name,
        load: () => {
          loaded.push(name)
          return knobOf(name)
        },
      })),
    )
    expect(lazy.names).toEqual(['vm.a', 'vm.b'])
    expect(loaded).toEqual([])
    expect(lazy.get('vm.b')).toBe(lazy.get('vm.b'))
    expect([...lazy].length).toBe(2)
    expect(loaded).toEqual(['vm.b', 'vm.a'])
  })

  test.each([
    [['*'], NAMES],
    [['vm.*'], ['vm.swappiness', 'vm.dirty_ratio', 'vm.dirty_background_ratio']],
    [['*dirty*', 'net.core.somaxconn'], ['vm.dirty_ratio', 'vm.dirty_background_ratio', 'net.core.somaxconn']],
    [['vm.dirty_?atio', 'vm', 'm.swappiness', '.*', 'vm.(dirty|swap)'], []],
    [['vm.swappines'], []],
  ])('matches %j', (patterns, names) => {
    expect(catalogue.matching(patterns).map(({ name }) => name)).toEqual(names.toSorted())
  })
})

describe('similar names', () => {
  test.each([
    ['vm.swapiness', ['vm.swappiness']],
    ['vm.swappiness', ['vm.swappiness']],
    ['vm.dirty_raito', ['vm.dirty_ratio']],
    ['dirty_ratio', ['vm.dirty_ratio']],
    ['block.read_ahead[vda]', ['block.read_ahead_kb']],
    ['net.core.somax', ['net.core.somaxconn']],
    ['something.else.entirely', []],
  ])('to %s', (name, similar) => {
    expect(catalogue.similar(name)).toEqual(similar)
  })

  test('are at most as many as asked for, nearest first', () => {
    const many = Catalogue.of(['vm.aaaa', 'vm.aaab', 'vm.aabb', 'vm.abbb'].map((name) => knobOf(name)))
    expect(many.similar('vm.aaaa', 2)).toEqual(['vm.aaaa', 'vm.aaab'])
    expect(many.similar('vm.aaax')).toEqual(['vm.aaaa', 'vm.aaab', 'vm.aabb'])
  })
})

describe('the edit distance', () => {
  test.each([['', '', 0], ['a', '', 1], ['', 'ab', 2], ['kitten', 'sitting', 3], ['flaw', 'lawn', 2], ['abc', 'abc', 0]])('of %j and %j', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })

  test('is a metric', () => {
    const word = fc.string({ maxLength: 8 })
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
      }),
    )
  })
})
