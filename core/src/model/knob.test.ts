import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knobOf } from '../../../tests/faults/fake-root.js'
import { Knob, KnobName, KnobRef, joinRef, splitRef } from './knob.js'

const TRICKS = [
  '', '.', '..', 'vm', 'vm.', '.vm', 'vm..swappiness', 'VM.swappiness', 'vm.Swappiness', '1vm.a', ' vm.a', 'vm.a ', 'vm.a\n', 'vm.\na', 'vm.a\0', 'vm.ä', 'vm.a b',
  'vm/swappiness', '/proc/sys/vm/swappiness', 'vm/../../etc/passwd', 'vm.swappiness/../x', 'net.core.somaxconn/../x', 'vm.../../etc', 'vm.%2e%2e', 'vm.a;reboot', 'vm.$(reboot)', '-w.vm', 'vm.a=1', `vm.${'a'.repeat(300)}`,
]

describe('the name of a knob', () => {
  test.each(['vm.swappiness', 'kernel.sched_latency_ns', 'net.ipv4.conf.eth0.rp_filter', 'net.ipv4.tcp_rmem', 'block.read_ahead_kb', 'fs.mqueue.msg-max'])('%s', (name) => {
    expect(KnobName.parse(name)).toBe(name)
    expect(KnobRef.parse(name)).toBe(name)
  })

  test.each(TRICKS)('is not %j', (name) => {
    expect(KnobName.safeParse(name).success).toBe(false)
    expect(KnobRef.safeParse(name).success).toBe(false)
  })

  test('never leads out of a folder, whatever it is made of', () => {
    const part = fc.constantFrom('vm', '.', '..', '/', '\\', 'a', '-', '_', '[', ']', ':', '\0', '\n', '%2e', '~', '*')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const name = parts.join('')
        if (!KnobRef.safeParse(name).success) return
        const { name: knob, device } = splitRef(name)
        for (const segment of [...knob.split('.'), ...(device?.split(':') ?? [])]) expect(segment).not.toMatch(/^\.{1,2}$/)
        expect(name).not.toMatch(/[/\\\0\n~*]/)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a reference', () => {
  test.each([
    ['block.read_ahead_kb[vda]', 'vda'],
    ['cpuidle.disable[cpu0:state1]', 'cpu0:state1'],
    ['pci.x[0000:00:1f.2]', '0000:00:1f.2'],
    ['net.y[eth0.100@if3]', 'eth0.100@if3'],
    ['vm.swappiness', null],
  ])('%s', (ref, device) => {
    expect(KnobRef.parse(ref)).toBe(ref)
    expect(splitRef(ref)).toEqual({ name: ref.replace(/\[.*/, ''), device })
    expect(joinRef(splitRef(ref).name, device)).toBe(ref)
  })

  test.each(['a.b[]', 'a.b[x', 'a.b]x', 'a.b[x]y', 'a.b[x][y]', 'a.b[[x]]', 'a.b[..]', 'a.b[.]', 'a.b[..:x]', 'a.b[x:..]', 'a.b[x:.:y]', 'a.b[../x]', 'a.b[x/y]', 'a.b[x y]', 'a.b[x\n]', 'a.b[*]', 'a[x].b'])('is not %j', (ref) => {
    expect(KnobRef.safeParse(ref).success).toBe(false)
  })
})

describe('the path of a knob', () => {
  const at = (path: string) => () => knobOf('vm.a', { where: { path } })

  test.each(['vm/swappiness', 'block/*/queue/read_ahead_kb', 'module/zswap/parameters/enabled', 'a..b', '...', 'bus/0000:00:1f.2/x'])('%s', (path) => {
    expect(at(path)().where.path).toBe(path)
  })

  test.each(['', '/vm/swappiness', 'vm/', 'vm//a', '.', '..', '../etc/passwd', 'vm/../../etc/passwd', 'vm/..', './vm', 'vm/./a', 'vm/a\0', 'vm/a\n', 'vm/**', 'vm/a*', 'vm/a b', 'vm\\a', '~/x', '%2e%2e/x'])('is not %j', (path) => {
    expect(at(path)).toThrow()
  })
})

describe('a knob', () => {
  test('has an honest range', () => {
    const range = { min: 5, max: 1 }
    expect(() => knobOf('vm.a', { type: { kind: 'integer', unit: 'count', range, safe: range, search: null } })).toThrow(/min must not exceed max/)
  })

  test.each([{ extra: 1 }, { risk: 'none' }, { meaning: 'short' }, { documentation: 'not a link' }, { versions: { since: '6', until: null, successor: null } }])('is strict: %j', (part) => {
    expect(Knob.safeParse({ ...knobOf('vm.a'), ...part }).success).toBe(false)
  })
})
