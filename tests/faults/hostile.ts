import fc from 'fast-check'
import type { KnobValue, Write } from '@semantos/core'
import { knobOf } from './fake-root.js'

const block = { interface: 'sysfs' as const, per: 'block-device' as const }
const word = { kind: 'enum' as const, values: [{ value: 'none', meaning: 'none' }], brackets: true, open: true }
const range = { min: 0, max: 1000 }
const vector = { kind: 'vector' as const, unit: 'bytes' as const, ascending: true, fields: ['min', 'max'].map((name) => ({ name, range, safe: range })) }

/** The last three stand for a hostile catalogue: files that no catalogue makes writable. */
export const knobs = [
  knobOf('vm.swappiness'), knobOf('vm.words', { type: word }), knobOf('net.ipv4.tcp_rmem', { type: vector }), knobOf('vm.flag', { type: { kind: 'boolean' } }),
  knobOf('block.nr', { where: { ...block, path: 'block/*/queue/nr' } }), knobOf('cpu.off', { where: { ...block, path: 'cpu/*/idle/*/off' } }),
  knobOf('sched.slice', { where: { interface: 'debugfs', path: 'sched/slice' } }),
  knobOf('kernel.core_pattern', { type: word }), knobOf('kernel.modprobe', { type: word }), knobOf('tracing.set', { where: { interface: 'debugfs', path: 'tracing/set_event' }, type: word }),
]

const names = knobs.map(({ name }) => name)
const nasty = fc.constantFrom(
  '..', '../..', '../../../etc/passwd', '/etc/passwd', '\n', '\0', '\r\n', ' ', '*', '[', ']', '[..]', '[vda]', '[../../../etc]', '[vda\n]', '%2e%2e', '․․', '／', '\u202e', 'ѕ',
  'kernel.core_pattern', 'kernel/core_pattern', '|/bin/sh', 'vda', 'cpu0:state0', ':', 'cpu0:..', '__proto__', 'constructor', 'toString',
)
export const pieces = fc.oneof(fc.constantFrom(...names), nasty, fc.string({ unit: 'binary', maxLength: 8 }))
const ref = fc.oneof(
  fc.constantFrom(...names),
  fc.tuple(fc.constantFrom(...names), fc.oneof(nasty, fc.constantFrom('vda', 'vdb', 'cpu0:state1', 'cpu1:state1', 'cpu0'), fc.string({ unit: 'binary', maxLength: 8 }))).map(([name, device]) => `${name}[${device}]`),
  fc.array(pieces, { maxLength: 4 }).map((list) => list.join('')),
  fc.array(pieces, { maxLength: 3 }).map((list) => list.join('.')),
)
const value: fc.Arbitrary<KnobValue> = fc.oneof(
  fc.integer({ min: -5, max: 2000 }), fc.double(), fc.constantFrom(-0, Number.NaN, Infinity, 2 ** 60), nasty, fc.string({ unit: 'binary' }),
  fc.tuple(fc.constantFrom('none', '1', 'x'), nasty).map((list) => list.join('')), fc.array(fc.oneof(fc.integer(), fc.double()), { maxLength: 4 }),
)
/** What a hostile plugin may ask the door for. */
export const write: fc.Arbitrary<Write> = fc.record({ ref, value })
