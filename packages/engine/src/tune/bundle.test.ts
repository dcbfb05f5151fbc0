import { describe, expect, test } from 'vitest'
import { knobOf } from '../../../../tests/faults/fake-root.js'
import { Catalogue } from '@semantos/core'
import { candidateOf } from './candidate.js'
import { together } from './bundle.js'

const AMPLE = { sdLog: 0.02, floorLog: 0.03, affordable: 6 }
const SCARCE = { ...AMPLE, affordable: 1 }

const catalogue = Catalogue.of([
  knobOf('vm.a'), knobOf('vm.b'), knobOf('vm.c'),
  knobOf('vm.dirty_ratio', { resets: ['vm.dirty_bytes'] }), knobOf('vm.dirty_bytes', { resets: ['vm.dirty_ratio'] }),
  knobOf('block.scheduler', { also_changes: ['block.nr_requests'] }), knobOf('block.nr_requests'),
])
const screened = (name: string, loss: number, uncertainty = 0.5) => ({ candidate: candidateOf([{ knob: name, value: 1 }], uncertainty), loss })
const idOf = (...ranked: ReturnType<typeof screened>[]) => together(ranked, AMPLE, catalogue)?.candidate.id ?? null
const idWhereScarce = (...ranked: ReturnType<typeof screened>[]) => together(ranked, SCARCE, catalogue)?.candidate.id ?? null

describe('candidates that each showed a little', () => {
  test('are tried as one, which promises the sum', () => {
    const bundle = together([screened('vm.a', -0.06, 0.4), screened('vm.b', -0.05, 0.3), screened('vm.c', -0.03)], AMPLE, catalogue)
    expect(bundle?.candidate).toMatchObject({ id: 'vm.a=1 vm.b=1 vm.c=1', uncertainty: 0.3 })
    expect(bundle?.loss).toBeCloseTo(-0.14)
  })

  test('are not joined by what noise alone may have shown', () => {
    expect(idOf(screened('vm.a', -0.06), screened('vm.b', -0.04), screened('vm.c', -0.019))).toBe(null)
    expect(idOf(screened('vm.a', -0.03), screened('vm.b', -0.03), screened('vm.c', 0.2))).toBe('vm.a=1 vm.b=1')
  })

  test('stay alone where the best promises more than the others', () => {
    expect(idOf(screened('vm.a', -0.06), screened('vm.b', -0.05))).toBe(null)
  })

  test('stay alone where the best can be proven alone', () => {
    expect(idOf(screened('vm.a', -0.08), screened('vm.b', -0.06), screened('vm.c', -0.06))).toBe(null)
  })

  test('are tried as one where the budget does not last for each, even if the best could be proven alone', () => {
    const ranked = [screened('vm.a', -0.12), screened('vm.b', -0.06)]
    expect(idOf(...ranked)).toBe(null)
    expect(idWhereScarce(...ranked)).toBe('vm.a=1 vm.b=1')
  })

  test('stay alone even so where the best dwarfs them', () => {
    expect(idWhereScarce(screened('vm.a', -0.7), screened('vm.b', -0.06), screened('vm.c', -0.05))).toBe(null)
  })

  test('leave out what a write of a better one would change, or what would change a better one', () => {
    expect(idOf(screened('vm.dirty_bytes', -0.05), screened('vm.dirty_ratio', -0.05), screened('vm.a', -0.05))).toBe('vm.dirty_bytes=1 vm.a=1')
    expect(idOf(screened('block.nr_requests[vda]', -0.05), screened('block.scheduler[vda]', -0.05), screened('vm.a', -0.05))).toBe('block.nr_requests[vda]=1 vm.a=1')
  })

  test('are none where nothing showed promise', () => {
    expect(idOf(screened('vm.a', 0.01), screened('vm.b', 0.02))).toBe(null)
    expect(idOf()).toBe(null)
  })
})
