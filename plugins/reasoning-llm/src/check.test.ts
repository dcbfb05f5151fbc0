import { describe, expect, it } from 'vitest'
import { item } from '../testing/answers.js'
import { NO_PLAN, subjectOf } from '../testing/subject.js'
import { checkItems } from './check.js'
import { buildPrompt } from './prompt.js'
import { redactor } from '@semantos/core'

const subject = subjectOf({
  readings: [
    { status: 'unavailable', knob: 'kernel.sched_latency_ns', reason: 'left /proc/sys in 5.13', successor: 'sched.base_slice_ns' },
    { status: 'present', knob: 'vm.laptop_mode', text: '0', value: 0, writable: false, live: true },
  ],
  evidence: { traces: [{ id: 'run-1', time: '2025-12-01T00:00:00.000Z', host: {}, workload: 'web', metrics: {}, actions: [], improvement_pct: 1, verdict: 'better' }] },
})
const prompt = buildPrompt(subject, NO_PLAN, { max_tokens_prompt: 8000, max_recommendations: 8 })
const check = (items: readonly unknown[], most = 8) => checkItems(items, subject, prompt, most, redactor(['the-key-in-use']))
const dropped = (knob: string, value: unknown, part: Readonly<Record<string, unknown>> = {}) => {
  const checked = check([item(knob, value, part)])
  expect(checked.suggestions).toEqual([])
  return checked.dropped.join('\n')
}

describe('checkItems', () => {
  it('takes values of every kind that the knob takes', () => {
    const items = [item('vm.swappiness', 10), item('net.ipv4.tcp_congestion_control', 'bbr'), item('net.ipv4.tcp_rmem', [4096, 131_072, 16_777_216]), item('block.read_ahead_kb[vda]', 1024)]
    expect(check(items)).toMatchObject({ suggestions: items.map(({ knob, value }) => ({ knob, value })), dropped: [] })
  })

  it.each([
    ['kernel.core_pattern', '|/bin/sh', 'kernel.core_pattern: is not in the catalogue'],
    ['../../etc/passwd', 1, '../../etc/passwd: is not the name of a knob'],
    ['vm.sw\u0430ppiness', 10, String.raw`vm.sw\u0430ppiness: is not the name of a knob`],
    ['block.read_ahead_kb[sdz]', 128, 'is not a knob or device that was read on this host'],
    ['kernel.sched_latency_ns', 18_000_000, 'is unavailable on this host: left /proc/sys in 5.13'],
    ['vm.laptop_mode', 1, 'cannot be written on this host'],
    ['vm.swappiness', 101, 'vm.swappiness = 101 is outside '],
    ['vm.swappiness', '10', 'vm.swappiness = 10 is not a whole number'],
    ['vm.swappiness', 10.5, '10.5 is no value, it takes a whole number in percent'],
    ['vm.swappiness', -0, '-0 is no value'],
    ['vm.swappiness', Number.POSITIVE_INFINITY, 'Infinity is no value'],
    ['vm.swappiness', null, 'nothing is no value'],
    ['vm.swappiness', true, 'a boolean is no value'],
    ['vm.swappiness', { min: 1 }, 'an object is no value'],
    ['vm.swappiness', [10], 'vm.swappiness = 10 is not a whole number'],
    ['net.ipv4.tcp_congestion_control', 'evil', 'evil is none of its words, cubic'],
    ['net.ipv4.tcp_rmem', [131_072, 4096, 6_291_456], 'is not numbers in ascending order'],
    ['net.ipv4.tcp_rmem', [4096, 131_072], 'is not 3 whole numbers'],
  ])('refuses %s = %j and says why', (knob, value, reason) => {
    expect(dropped(knob, value)).toContain(reason)
  })

  it('says where a value looks like another unit, and does not convert it', () => {
    expect(dropped('block.read_ahead_kb[vda]', 1_048_576)).toContain('it may be a mix-up of units: the knob counts in KiB, where')
    expect(dropped('vm.dirty_ratio', '25%')).toContain('a unit was written, and the knob takes a plain number in percent')
    expect(dropped('vm.swappiness', 'low')).not.toContain('unit was')
  })

  it('refuses one that is not whole, and says what is missing', () => {
    expect(check([null, 7, [], {}, { knob: 'vm.swappiness', value: 10 }]).dropped).toEqual([
      expect.stringContaining('a recommendation without a knob: recommendation: '),
      expect.stringContaining('a recommendation without a knob: '),
      expect.stringContaining('a recommendation without a knob: '),
      expect.stringContaining('a recommendation without a knob: knob: '),
      expect.stringContaining('vm.swappiness: rationale: '),
    ])
    expect(dropped('vm.swappiness', 10, { expected: { metric: 'p95_ms', change_pct: -101 } })).toContain('expected.change_pct')
  })

  it('counts a knob once, and not at all where a sample contradicts itself', () => {
    expect(check([item('vm.swappiness', 10), item('vm.swappiness', 10)]).suggestions).toHaveLength(1)
    expect(check([item('vm.swappiness', 10), item('vm.swappiness', 20), item('vm.swappiness', 10)])).toMatchObject({ suggestions: [], dropped: ['vm.swappiness: recommended twice with different values'] })
  })

  it('looks at no more than were asked for', () => {
    expect(check([item('a.b', 1), item('vm.swappiness', 10)], 1)).toMatchObject({ suggestions: [], dropped: ['a.b: is not in the catalogue', '1 recommendations beyond the 1 that were asked for'] })
  })

  it('keeps what is cited and exists, and leaves the rest out', () => {
    const { suggestions, dropped: notes } = check([item('vm.swappiness', 10, { cues: ['load', 'load', 'invented'], evidence: ['t1', 't99'], expected: { metric: 'happiness', change_pct: -0 } })])
    expect(suggestions).toMatchObject([{ cues: ['load'], sources: [{ kind: 'traces', id: 'run-1' }], expected: { metric: 'p95_ms', change_pct: 0 } }])
    expect(notes).toEqual([expect.stringContaining('cites metric invented, which was not measured'), expect.stringContaining('cites evidence t99, which it was not given')])
  })

  it('cleans its reasons: one line, no secrets', () => {
    expect(check([item('vm.swappiness', 10, { rationale: 'a\nb \u001b[31m the-key-in-use password=hunter2' })]).suggestions[0]?.rationale).toBe('a b [31m [secret] password=[secret]')
  })
})
