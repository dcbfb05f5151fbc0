import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Write } from '../../core/src/kernel/door.js'
import { isSemantosError } from '../../core/src/kernel/errors.js'
import { hostPath } from '../../core/src/host/interfaces.js'
import { targetOf } from '../../core/src/host/target.js'
import { Catalogue, Knob, type KnobValue } from '../../core/src/model/index.js'
import { fakeRoot, knobOf } from './fake-root.js'
import { openRun, stateDir, writableHost } from './writing.js'

const block = { interface: 'sysfs' as const, per: 'block-device' as const }
const word = { kind: 'enum' as const, values: [{ value: 'none', meaning: 'none' }], brackets: true, open: true }
const range = { min: 0, max: 1000 }
const vector = { kind: 'vector' as const, unit: 'bytes' as const, ascending: true, fields: ['min', 'max'].map((name) => ({ name, range, safe: range })) }

/** The last three stand for a hostile catalogue: files that no catalogue makes writable. */
const knobs = [
  knobOf('vm.swappiness'), knobOf('vm.words', { type: word }), knobOf('net.ipv4.tcp_rmem', { type: vector }), knobOf('vm.flag', { type: { kind: 'boolean' } }),
  knobOf('block.nr', { where: { ...block, path: 'block/*/queue/nr' } }), knobOf('cpu.off', { where: { ...block, path: 'cpu/*/idle/*/off' } }),
  knobOf('sched.slice', { where: { interface: 'debugfs', path: 'sched/slice' } }),
  knobOf('kernel.core_pattern', { type: word }), knobOf('kernel.modprobe', { type: word }), knobOf('tracing.set', { where: { interface: 'debugfs', path: 'tracing/set_event' }, type: word }),
]
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

const names = knobs.map(({ name }) => name)
const nasty = fc.constantFrom(
  '..', '../..', '../../../etc/passwd', '/etc/passwd', '\n', '\0', '\r\n', ' ', '*', '[', ']', '[..]', '[vda]', '[../../../etc]', '[vda\n]', '%2e%2e', '․․', '／', '\u202e', 'ѕ',
  'kernel.core_pattern', 'kernel/core_pattern', '|/bin/sh', 'vda', 'cpu0:state0', ':', 'cpu0:..', '__proto__', 'constructor', 'toString',
)
const pieces = fc.oneof(fc.constantFrom(...names), nasty, fc.string({ unit: 'binary', maxLength: 8 }))
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
const write: fc.Arbitrary<Write> = fc.record({ ref, value })

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
}, 120_000)

test('a catalogue entry itself cannot name a path that climbs', () => {
  fc.assert(fc.property(fc.array(pieces, { minLength: 1, maxLength: 5 }).map((list) => list.join('/')), (path) => {
    const parsed = Knob.safeParse({ ...knobOf('vm.swappiness'), where: { interface: 'sysctl', path, per: 'host', netns: 'none' } })
    if (parsed.success) expect(join('/proc/sys', parsed.data.where.path).startsWith('/proc/sys/')).toBe(true)
  }), { numRuns: 5000 })
})

/** `words` without brackets: writing a plain file does not move them, as the kernel does. */
const files = {
  'proc/sys/vm/swappiness': '60', 'proc/sys/vm/words': 'a', 'proc/sys/net/ipv4/tcp_rmem': '1 2', 'proc/sys/vm/flag': '0', 'proc/sys/kernel/core_pattern': 'core',
  'sys/block/vda/queue/nr': '64', 'sys/block/vdb/queue/nr': '64', 'sys/kernel/debug/sched/slice': '3', 'etc/passwd': 'root',
}
/** What may be wrong with one of the files when a step comes to it. */
const sabotage = fc.constantFrom('none', 'folder', 'link', 'empty', 'gone')
const sound = fc.record({ ref: fc.constantFrom('vm.swappiness', 'vm.flag', 'block.nr[vda]', 'block.nr[vdb]', 'sched.slice', 'net.ipv4.tcp_rmem'), value: fc.constantFrom<KnobValue>(0, 1, 5, [3, 4]) })

function contents(root: string): Record<string, string> {
  const under = (folder: string): string[] => readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? under(path) : [path]
  })
  return Object.fromEntries(['proc', 'sys', 'etc'].flatMap(under).map((path) => [path, entryText(join(root, path))]))
}

function entryText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return 'unreadable'
  }
}

test('300 hostile steps on real files: applied as a whole, or nothing is changed', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: sound }, { weight: 1, arbitrary: write }), { minLength: 1, maxLength: 6 }), fc.constantFrom(...Object.keys(files).slice(0, 8)), sabotage, async (step, path, how) => {
    const root = fakeRoot(files)
    spoil(root, path, how)
    const before = contents(root)
    const run = await openRun(root, stateDir())
    const host = writableHost(run, knobs)
    const wholly = await host.write(step, 'hostile').then(() => true, (error: unknown) => {
      if (!isSemantosError(error)) throw error
      return false
    })
    const after = contents(root)
    if (!wholly) expect(after).toEqual(before)
    expect(after['etc/passwd']).toBe('root\n')
    expect(Object.keys(after)).toEqual(Object.keys(before))
    await run.close()
    expect(contents(root)).toEqual(before)
    rmSync(root, { recursive: true })
  }), { numRuns: 300 })
}, 120_000)

function spoil(root: string, path: string, how: string): void {
  if (how === 'none') return
  rmSync(join(root, path))
  if (how === 'folder') mkdirSync(join(root, path))
  if (how === 'link') symlinkSync(join(root, 'etc/passwd'), join(root, path))
  if (how === 'empty') writeFileSync(join(root, path), '')
}
