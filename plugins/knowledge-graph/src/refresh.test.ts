import type { Edge } from '@semantos/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aged } from './ageing.js'
import type { Outcome } from './outcome.js'
import { refreshed } from './refresh.js'

const NOW = new Date('2026-01-01T00:00:00Z')
const GAMMA = 0.99
const SYNERGY: Edge = { from: 'vm.b', to: 'vm.a', kind: 'synergizes_with', weight: 0.5, evidence_count: 1, source: 'sweep', updated: null }
const CONFLICT: Edge = { from: 'vm.a', to: 'vm.b', kind: 'conflicts_with', weight: 0.5, evidence_count: 3, source: 'outcomes, last of run x', updated: NOW.toISOString() }

function outcome(verdict: Outcome['verdict'], ...pairs: Outcome['pairs']): Outcome {
  return { run: 'r1', verdict, pairs }
}

describe('aged', () => {
  it('loses gamma a day: half after 69 days', () => {
    const then = new Date(NOW.getTime() - 69 * 86_400_000).toISOString()
    expect(aged({ ...SYNERGY, updated: then }, NOW, GAMMA).weight).toBeCloseTo(0.25, 2)
  })

  it('leaves what has no date, and what has a date in the future', () => {
    expect(aged(SYNERGY, NOW, GAMMA).weight).toBe(0.5)
    expect(aged({ ...SYNERGY, updated: '2027-01-01T00:00:00Z' }, NOW, GAMMA).weight).toBe(0.5)
  })
})

describe('refreshed', () => {
  it('strengthens what a pair that succeeded together is known for, in the direction known', () => {
    expect(refreshed([], [SYNERGY], outcome('better', ['vm.a', 'vm.b']), NOW, GAMMA)).toEqual([
      { from: 'vm.b', to: 'vm.a', kind: 'synergizes_with', weight: 0.3, evidence_count: 1, source: 'outcomes, last of run r1', updated: '2026-01-01T00:00:00.000Z' },
    ])
  })

  it('makes no synergy of a success that nothing else speaks for', () => {
    expect(refreshed([], [], outcome('better', ['vm.a', 'vm.b']), NOW, GAMMA)).toEqual([])
  })

  it('adds a conflict on a regression, and weakens it on a success', () => {
    const [conflict] = refreshed([], [SYNERGY], outcome('worse', ['vm.a', 'vm.b']), NOW, GAMMA)
    expect(conflict).toMatchObject({ from: 'vm.a', to: 'vm.b', kind: 'conflicts_with', weight: 0.3 })
    const after = refreshed([CONFLICT], [], outcome('better', ['vm.a', 'vm.b']), NOW, GAMMA)
    expect(after).toMatchObject([{ kind: 'conflicts_with', weight: 0.35, evidence_count: 4 }])
  })

  it('weakens a learnt synergy on a regression', () => {
    const learnt = { ...SYNERGY, updated: NOW.toISOString() }
    const after = refreshed([learnt], [], outcome('worse', ['vm.a', 'vm.b']), NOW, GAMMA)
    expect(after.find(({ kind }) => kind === 'synergizes_with')?.weight).toBe(0.35)
  })

  it('divides the blame among the pairs: of eight knobs no pair gets much', () => {
    const knobs = Array.from({ length: 8 }, (_, index) => `vm.k${index}`)
    const pairs = knobs.flatMap((a, index) => knobs.slice(index + 1).map((b): [string, string] => [a, b]))
    for (const { weight } of refreshed([], [], outcome('worse', ...pairs), NOW, GAMMA)) expect(weight).toBeCloseTo(0.3 / 28, 2)
  })

  it('ages a weight once: what another outcome does not touch keeps its date', () => {
    const old = { ...CONFLICT, updated: '2025-12-01T00:00:00.000Z' }
    expect(refreshed([old], [SYNERGY], outcome('worse', ['vm.c', 'vm.d']), NOW, GAMMA)).toContainEqual(old)
  })

  it('keeps every weight in 0..1, whatever happens', () => {
    const verdicts = fc.array(fc.constantFrom('better' as const, 'worse' as const), { maxLength: 50 })
    fc.assert(fc.property(verdicts, (all) => {
      const edges = all.reduce<readonly Edge[]>((learnt, verdict) => refreshed(learnt, [SYNERGY], outcome(verdict, ['vm.a', 'vm.b']), NOW, GAMMA), [])
      for (const { weight } of edges) expect(weight).toSatisfy((w: number) => w >= 0 && w <= 1)
    }))
  })
})
