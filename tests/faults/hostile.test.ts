import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Catalogue, isSemantosError, Knob } from '@semantos/core'
import { hostPath, targetOf } from '@semantos/host'
import { knobOf } from './fake-root.js'
import { knobs, pieces, write } from './hostile.js'

const catalogue = Catalogue.of(knobs)
const folders: Readonly<Record<string, readonly string[]>> = {
  '/sys/block': ['vda', 'vdb', '..', '.', '../../etc', 'a\nb', 'a\0', 'vd\u0430', 'cciss!c0d0', 'vda]'],
  '/sys/cpu': ['cpu0', 'cpu1', '..'],
  '/sys/cpu/cpu0/idle': ['state0', 'state1'],
  '/sys/cpu/cpu1/idle': ['state0'],
}
const allowed = new Set([
  '/proc/sys/vm/swappiness', '/proc/sys/vm/words', '/proc/sys/net/ipv4/tcp_rmem', '/proc/sys/vm/flag', '/sys/block/vda/queue/nr', '/sys/block/vdb/queue/nr',
  '/sys/cpu/cpu0/idle/state0/off', '/sys/cpu/cpu0/idle/state1/off', '/sys/cpu/cpu1/idle/state0/off', '/sys/kernel/debug/sched/slice',
])

test('100,000 hostile writes: none is given a path outside the catalogue, none a text of more than a line', () => {
  let accepted = 0
  fc.assert(fc.property(write, (one) => {
    try {
      const { knob, path, text } = targetOf(catalogue, (folder) => folders[folder] ?? [], one)
      expect(allowed).toContain(hostPath({ interface: knob.where.interface, path }))
      expect(text).toMatch(/^[\x20-\x7e\t]+$/)
      accepted += 1
    } catch (error) {
      if (!isSemantosError(error)) throw error
    }
  }), { numRuns: 100_000 })
  // The property would hold of a door that refuses everything.
  expect(accepted).toBeGreaterThan(1000)
}, 600_000)

test('a catalogue entry itself cannot name a path that climbs', () => {
  fc.assert(fc.property(fc.array(pieces, { minLength: 1, maxLength: 5 }).map((list) => list.join('/')), (path) => {
    const parsed = Knob.safeParse({ ...knobOf('vm.swappiness'), where: { interface: 'sysctl', path, per: 'host', netns: 'none' } })
    if (parsed.success) expect(join('/proc/sys', parsed.data.where.path).startsWith('/proc/sys/')).toBe(true)
  }), { numRuns: 5000 })
})
