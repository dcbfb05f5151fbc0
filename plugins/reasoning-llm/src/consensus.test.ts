import { describe, expect, it } from 'vitest'
import { subjectOf } from '../testing/subject.js'
import type { Suggestion } from './check.js'
import { binOf, consensus, normalizedEntropy } from './consensus.js'

const subject = subjectOf()
const say = (knob: string, value: Suggestion['value'], change_pct = -5): Suggestion => ({ knob, value, rationale: `${knob} ${String(value)}`, expected: { metric: 'p95_ms', change_pct }, cues: [], sources: [] })
const agree = (samples: readonly (readonly Suggestion[])[], temperature = 1) => consensus(samples, subject, temperature)

describe('normalizedEntropy', () => {
  it('is 0 where all agree and 1 where each says something else', () => {
    expect(normalizedEntropy([3], 1)).toBe(0)
    expect(normalizedEntropy([1, 1, 1], 1)).toBeCloseTo(1, 12)
    expect(normalizedEntropy([1], 1)).toBe(0)
  })

  it('is the entropy of the shares over ln k', () => {
    // H(2/3, 1/3) / ln 3 and H(4/5, 1/5) / ln 5
    expect(normalizedEntropy([2, 1], 1)).toBeCloseTo(0.5793801643, 9)
    expect(normalizedEntropy([4, 1], 1)).toBeCloseTo(0.3109175071, 9)
  })

  it('is scaled by a temperature: above 1 less sure, below 1 surer', () => {
    expect(normalizedEntropy([2, 1], 2)).toBeGreaterThan(normalizedEntropy([2, 1], 1))
    // shares 4/5 and 1/5 at T = 0.5
    expect(normalizedEntropy([2, 1], 0.5)).toBeCloseTo(-(0.8 * Math.log(0.8) + 0.2 * Math.log(0.2)) / Math.log(3), 12)
    expect(normalizedEntropy([3], 2)).toBe(0)
  })
})

describe('consensus', () => {
  it('takes what most samples say, with the median of what they really said', () => {
    const { agreed } = agree([[say('vm.swappiness', 10)], [say('vm.swappiness', 14, -1)], [say('vm.swappiness', 12, -9)]])
    expect(agreed).toMatchObject([{ suggestion: { knob: 'vm.swappiness', value: 12, expected: { change_pct: -5 } }, votes: 3, samples: 3, uncertainty: 0 }])
  })

  it('takes the lower of two in the middle, never a value between', () => {
    expect(agree([[say('vm.swappiness', 10)], [say('vm.swappiness', 20)]]).agreed).toMatchObject([{ suggestion: { value: 10 } }])
  })

  it('counts a sample that is silent, or failed, as one for leaving it alone', () => {
    const [agreed] = agree([[say('vm.swappiness', 10)], [say('vm.swappiness', 10)], []]).agreed
    expect(agreed).toMatchObject({ votes: 2, samples: 3 })
    expect(agreed?.uncertainty).toBeCloseTo(0.579, 3)
    expect(agree([[say('vm.swappiness', 10)], [], []])).toEqual({ agreed: [], split: [{ knob: 'vm.swappiness', votes: 1, samples: 3 }] })
  })

  it('needs more than half for one direction and bin', () => {
    expect(agree([[say('vm.swappiness', 10)], [say('vm.swappiness', 90)]])).toEqual({ agreed: [], split: [{ knob: 'vm.swappiness', votes: 2, samples: 2 }] })
    expect(agree([[say('vm.swappiness', 10)], [say('vm.swappiness', 90)], [say('vm.swappiness', 5)]]).agreed).toMatchObject([{ suggestion: { value: 5 }, votes: 2 }])
  })

  it('cannot say how sure a single sample is', () => {
    expect(agree([[say('vm.swappiness', 10)]]).agreed).toMatchObject([{ uncertainty: 0.5 }])
  })

  it('puts what more samples say first, else what they name first', () => {
    const { agreed } = agree([[say('vm.dirty_ratio', 30), say('vm.swappiness', 10)], [say('vm.swappiness', 10), say('net.core.somaxconn', 8192)], [say('vm.dirty_ratio', 30), say('vm.swappiness', 10), say('net.core.somaxconn', 8192)]])
    expect(agreed.map(({ suggestion }) => suggestion.knob)).toEqual(['vm.swappiness', 'vm.dirty_ratio', 'net.core.somaxconn'])
  })
})

describe('bins', () => {
  const same = (knob: string, a: Suggestion['value'], b: Suggestion['value']) => binOf({ knob, value: a }, subject) === binOf({ knob, value: b }, subject)
  it('tell directions apart', () => {
    expect(same('vm.swappiness', 59, 61)).toBe(false)
    expect(same('vm.swappiness', 55, 58)).toBe(true)
  })
  it('are quarters of a linear range and octaves of a logarithmic one', () => {
    expect(same('vm.swappiness', 10, 24)).toBe(true)
    expect(same('vm.swappiness', 10, 45)).toBe(false)
    expect(same('net.ipv4.tcp_rmem', [4096, 131_072, 16_777_216], [4096, 131_072, 20_000_000])).toBe(true)
    expect(same('net.ipv4.tcp_rmem', [4096, 131_072, 16_777_216], [4096, 131_072, 67_108_864])).toBe(false)
  })
  it('are the words of an enum', () => {
    expect(same('net.ipv4.tcp_congestion_control', 'bbr', 'bbr')).toBe(true)
    expect(same('net.ipv4.tcp_congestion_control', 'bbr', 'reno')).toBe(false)
  })
})
