import { describe, expect, test } from 'vitest'
import { Knob, type KnobInput, type KnobValue, type Reading } from '@semantos/core'
import { deviations } from './deviations.js'

const RANGE = { min: 0, max: 1_000_000 }

function knob(name: string, over: Partial<KnobInput> = {}): Knob {
  return Knob.parse({
    name,
    where: { interface: 'sysctl', path: name.replaceAll('.', '/'), per: 'host', netns: 'none' },
    type: { kind: 'integer', unit: 'count', range: RANGE, safe: RANGE, search: null },
    default: 100,
    versions: { since: null, until: null, successor: null },
    takes_effect: 'at once',
    risk: 'low',
    subsystem: 'memory',
    meaning: 'A knob that this test needs.',
    documentation: 'https://docs.kernel.org/',
    evidence: ['vmstat.pswpin_per_s', 'p95_ms'],
    persist: 'sysctl.d',
    ...over,
  })
}

const present = (ref: string, value: KnobValue, writable = true): [string, Reading] => [ref, { status: 'present', knob: ref, text: String(value), value, writable, live: true }]
const moving = (...names: string[]) => ({ time: '2026-01-01T00:00:00Z', host: null, metrics: names.map((name) => ({ name, value: 5, unit: 'number', source: 'test' })), missing: [] })
const proposed = (knobs: Knob[], readings: [string, Reading][], names: string[], taken: string[] = []) =>
  deviations(knobs, new Map(readings), moving(...names), new Set(taken)).map(({ knob: ref, value }) => [ref, value])

describe('what stands away from the kernel default', () => {
  const swap = knob('vm.swap')

  test('goes back to it where its counters move', () => {
    expect(proposed([swap], [present('vm.swap', 7)], ['vmstat.pswpin_per_s'])).toEqual([['vm.swap', 100]])
    expect(proposed([swap], [present('vm.swap', 7)], ['p95_ms'])).toEqual([])
    expect(proposed([swap], [present('vm.swap', 100)], ['vmstat.pswpin_per_s'])).toEqual([])
  })

  test('a knob of TCP counts as in use where TCP is', () => {
    const tcp = knob('net.ipv4.tcp_x', { subsystem: 'tcp', evidence: [] })
    expect(proposed([tcp], [present('net.ipv4.tcp_x', 7)], ['tcp.out_segs_per_s'])).toEqual([['net.ipv4.tcp_x', 100]])
    expect(proposed([tcp], [present('net.ipv4.tcp_x', 7)], ['udp.in_datagrams_per_s'])).toEqual([])
  })

  test('a knob of one device needs the counters of that device', () => {
    const disk = knob('block.x', { where: { interface: 'sysfs', path: 'block/*/queue/x', per: 'block-device', netns: 'none' }, evidence: ['disk.reads_per_s'] })
    expect(proposed([disk], [present('block.x[vda]', 7), present('block.x[vdb]', 7)], ['disk.reads_per_s[vdb]'])).toEqual([['block.x[vdb]', 100]])
  })

  test('what is risky, beyond a trial, read-only, unsafe by default, half of a pair or asked for already is left alone', () => {
    const others = [
      knob('vm.risky', { risk: 'high' }),
      knob('vm.diagnosis', { automatic: false }),
      knob('vm.unsafe', { type: { kind: 'integer', unit: 'count', range: RANGE, safe: { min: 200, max: 300 }, search: null } }),
      knob('vm.pair', { default: 0, resets: ['vm.swap'] }),
      knob('vm.computed', { default: null }),
    ]
    const readings = [...others.map(({ name }) => present(name, 7)), present('vm.swap', 7, false)]
    expect(proposed([swap, ...others], readings, ['vmstat.pswpin_per_s'])).toEqual([])
    expect(proposed([swap], [present('vm.swap', 7)], ['vmstat.pswpin_per_s'], ['vm.swap'])).toEqual([])
  })

  test('no more than a few, those with the most evidence first', () => {
    const many = Array.from({ length: 9 }, (_, index) => knob(`vm.k${index}`, { evidence: index === 8 ? ['vmstat.pswpin_per_s', 'vmstat.pgmajfault_per_s'] : ['vmstat.pswpin_per_s'] }))
    const found = proposed(many, many.map(({ name }) => present(name, 7)), ['vmstat.pswpin_per_s', 'vmstat.pgmajfault_per_s'])
    expect(found.map(([ref]) => ref)).toEqual(['vm.k8', 'vm.k0', 'vm.k1', 'vm.k2'])
  })
})
