import { describe, expect, test } from 'vitest'
import { Knob, type KnobInput, type KnobValue, type Reading } from '@semantos/core'
import { asked } from './explicit-knobs.js'

const RANGE = { min: 0, max: 1_000_000 }
const integer = (search: { min: number; max: number; step: number; scale: 'linear' | 'log2' } | null, safe = RANGE) => ({ kind: 'integer', unit: 'count', range: RANGE, safe, search }) as const

function knob(name: string, over: Partial<KnobInput> = {}): Knob {
  return Knob.parse({
    name,
    where: { interface: 'sysctl', path: name.replaceAll('.', '/'), per: 'host', netns: 'none' },
    type: integer({ min: 16, max: 1024, step: 1, scale: 'log2' }),
    default: null,
    versions: { since: null, until: null, successor: null },
    takes_effect: 'at once',
    risk: 'low',
    subsystem: 'net-core',
    meaning: 'A knob that this test needs.',
    documentation: 'https://docs.kernel.org/',
    evidence: [],
    persist: 'sysctl.d',
    ...over,
  })
}

const present = (ref: string, value: KnobValue, writable = true): [string, Reading] => [ref, { status: 'present', knob: ref, text: String(value), value, writable, live: true }]
const seen = (...names: string[]) => ({ time: '2026-01-01T00:00:00Z', host: null, metrics: names.map((name) => ({ name, value: 5, unit: 'number', source: 'test' })), missing: [] })
const tried = (knobs: Knob[], readings: [string, Reading][], names: string[] = [], taken: string[] = []) =>
  asked(knobs, new Map(readings), seen(...names), new Set(taken)).candidates.map(({ id }) => id)

describe('a knob that was named, though no symptom points to it', () => {
  test('is tried a coarse step to each side, within its search range', () => {
    expect(tried([knob('net.x')], [present('net.x', 64)])).toEqual(['net.x=512', 'net.x=16'])
    expect(tried([knob('net.x')], [present('net.x', 10)])).toEqual(['net.x=80'])
    expect(tried([knob('net.x')], [present('net.x', 1024)])).toEqual(['net.x=128'])
    expect(tried([knob('vm.x', { type: integer({ min: 0, max: 200, step: 5, scale: 'linear' }) })], [present('vm.x', 60)])).toEqual(['vm.x=110', 'vm.x=10'])
  })

  test('has no sides where it stands at a special value: the ends of its range are tried', () => {
    const special = { ...integer({ min: 16, max: 1024, step: 1, scale: 'log2' }), special: [{ value: 0, meaning: 'no limit' }] }
    expect(tried([knob('net.x', { type: special })], [present('net.x', 0)])).toEqual(['net.x=16', 'net.x=1024'])
  })

  test('a switch is turned, and of an enum every other word is tried', () => {
    const words = knob('block.x', { type: { kind: 'enum', values: ['a', 'b', 'c'].map((value) => ({ value, meaning: value })), brackets: true, open: false } })
    expect(tried([knob('net.on', { type: { kind: 'boolean' } })], [present('net.on', 1)])).toEqual(['net.on=0'])
    expect(tried([words], [present('block.x', 'b')])).toEqual(['block.x=a', 'block.x=c'])
  })

  test('is left alone where it is risky, beyond a trial, read-only, without a search range, or pointed to already', () => {
    const others = [knob('vm.risky', { risk: 'high' }), knob('vm.diagnosis', { automatic: false }), knob('vm.limit', { type: integer(null) }), knob('vm.taken'), knob('vm.unsafe', { type: integer({ min: 16, max: 1024, step: 1, scale: 'log2' }, { min: 60, max: 70 }) })]
    expect(tried([...others, knob('vm.fixed')], [...others.map(({ name }) => present(name, 64)), present('vm.fixed', 64, false)], [], ['vm.taken'])).toEqual([])
  })

  test('of devices, those with traffic are tried', () => {
    const disk = knob('block.x', { where: { interface: 'sysfs', path: 'block/*/queue/x', per: 'block-device', netns: 'none' } })
    expect(tried([disk], [present('block.x[vda]', 1024), present('block.x[loop0]', 1024)], ['disk.reads_per_s[vda]'])).toEqual(['block.x[vda]=128'])
  })

  test('is not tried along with many others: it says how many', () => {
    const many = Array.from({ length: 5 }, (_, index) => knob(`net.x${index}`))
    expect(asked(many, new Map(many.map(({ name }) => present(name, 64))), seen(), new Set())).toEqual({ recommendations: [], candidates: [], tooMany: 5 })
  })
})
