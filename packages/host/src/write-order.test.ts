import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knobOf } from '../../../tests/faults/fake-root.js'
import { splitRef } from '@semantos/core'
import { inWriteOrder } from './write-order.js'

/** Bounds of the catalogue. */
const NOT_ABOVE: Readonly<Record<string, string>> = {
  'vm.dirty_background_ratio': 'vm.dirty_ratio',
  'net.core.rmem_default': 'net.core.rmem_max',
  'net.ipv4.neigh.default.gc_thresh1': 'net.ipv4.neigh.default.gc_thresh2',
  'net.ipv4.neigh.default.gc_thresh2': 'net.ipv4.neigh.default.gc_thresh3',
  'cpufreq.scaling_min_freq': 'cpufreq.scaling_max_freq',
}

type Plan = readonly (readonly [ref: string, from: number, to: number])[]

function order(plan: Plan, resets: Readonly<Record<string, string[]>> = {}): string[] {
  const knob = (ref: string) => {
    const { name } = splitRef(ref)
    const upper = NOT_ABOVE[name]
    return knobOf(name, { resets: resets[ref] ?? [], not_above: upper === undefined ? [] : [{ knob: upper, why: 'the kernel refuses it' }] })
  }
  return inWriteOrder(plan.map(([ref, from, to]) => ({ ref, from, to, knob: knob(ref) }))).map(({ ref }) => ref)
}

describe('the order of writes', () => {
  test('is as given where nothing speaks against it', () => {
    expect(order([['vm.b', 1, 2], ['vm.a', 1, 2], ['vm.c', 1, 2]])).toEqual(['vm.b', 'vm.a', 'vm.c'])
  })

  test.each<[string, Plan, string[]]>([
    ['both rise: the upper bound first', [['vm.dirty_background_ratio', 10, 30], ['vm.dirty_ratio', 20, 40]], ['vm.dirty_ratio', 'vm.dirty_background_ratio']],
    ['both fall: the lower bound first', [['net.core.rmem_max', 9, 2], ['net.core.rmem_default', 8, 1]], ['net.core.rmem_default', 'net.core.rmem_max']],
    ['three in a row that rise', [['net.ipv4.neigh.default.gc_thresh1', 1, 10], ['net.ipv4.neigh.default.gc_thresh2', 2, 20], ['net.ipv4.neigh.default.gc_thresh3', 3, 30]],
      ['net.ipv4.neigh.default.gc_thresh3', 'net.ipv4.neigh.default.gc_thresh2', 'net.ipv4.neigh.default.gc_thresh1']],
    ['each device by itself', [['cpufreq.scaling_min_freq[policy0]', 1, 5], ['cpufreq.scaling_max_freq[policy1]', 4, 8], ['cpufreq.scaling_max_freq[policy0]', 4, 8]],
      ['cpufreq.scaling_max_freq[policy0]', 'cpufreq.scaling_min_freq[policy0]', 'cpufreq.scaling_max_freq[policy1]']],
  ])('%s', (_, plan, expected) => {
    expect(order(plan)).toEqual(expected)
  })

  test('a knob comes before those that it resets', () => {
    expect(order([['block.nr_requests[vda]', 1, 2], ['block.scheduler[vda]', 1, 2]], { 'block.scheduler[vda]': ['block.nr_requests'] })).toEqual(['block.scheduler[vda]', 'block.nr_requests[vda]'])
  })

  test('a pair that resets each other keeps the order given', () => {
    const resets = { 'vm.dirty_ratio': ['vm.dirty_bytes'], 'vm.dirty_bytes': ['vm.dirty_ratio'] }
    expect(order([['vm.dirty_ratio', 1, 2], ['vm.dirty_bytes', 1, 2]], resets)).toEqual(['vm.dirty_ratio', 'vm.dirty_bytes'])
    expect(order([['vm.dirty_bytes', 1, 2], ['vm.dirty_ratio', 1, 2]], resets)).toEqual(['vm.dirty_bytes', 'vm.dirty_ratio'])
  })

  test('a lower bound never passes its upper one on the way, forth or back', () => {
    const bound = fc.tuple(fc.nat(9), fc.nat(9)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    fc.assert(fc.property(bound, bound, fc.boolean(), (from, to, swapped) => {
      const plan: Plan = [['vm.dirty_background_ratio', from[0], to[0]], ['vm.dirty_ratio', from[1], to[1]]]
      const steps = order(swapped ? plan.toReversed() : plan)
      const now: Record<string, number> = { 'vm.dirty_background_ratio': from[0], 'vm.dirty_ratio': from[1] }
      const target: Record<string, number> = { 'vm.dirty_background_ratio': to[0], 'vm.dirty_ratio': to[1] }
      for (const ref of steps) {
        now[ref] = target[ref] ?? 0
        expect(now['vm.dirty_background_ratio']).toBeLessThanOrEqual(now['vm.dirty_ratio'] ?? 0)
      }
    }))
  })
})
