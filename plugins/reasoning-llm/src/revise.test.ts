import { describe, expect, it } from 'vitest'
import { planOf, subjectOf } from '../testing/subject.js'
import type { Agreed } from './consensus.js'
import { revise } from './revise.js'

const subject = subjectOf()
const agreed = (knob: string, value: Agreed['suggestion']['value'], uncertainty = 0, part: Partial<Agreed['suggestion']> = {}): Agreed => ({
  suggestion: { knob, value, rationale: 'why', expected: { metric: 'p95_ms', change_pct: -3 }, cues: ['load', 'gone'], sources: [{ kind: 'traces', id: 'run-1' }, { kind: 'edges', id: 'a b c' }], ...part },
  votes: 3,
  samples: 3,
  uncertainty,
})
const plan = planOf({ 'vm.dirty_ratio': 25, 'net.core.somaxconn': 8192 })

describe('revise', () => {
  it('adds what the plan lacks, behind it, with its provenance', () => {
    const { recommendations } = revise(plan, [agreed('vm.swappiness', 10)], subject, 0.55)
    expect(recommendations.slice(0, 2)).toEqual(plan.recommendations)
    expect(recommendations[2]).toEqual({
      knob: 'vm.swappiness', value: 10, rationale: 'why (3 of 3 samples)', cues: [{ metric: 'load', value: 9.4, because: 'named by the language model' }],
      expected: { metric: 'p95_ms', change_pct: -3 }, uncertainty: 0, rules: [], edges: ['a b c'], traces: ['run-1'], documents: [],
    })
  })

  it('replaces a recommendation only where it is surer, in its place', () => {
    expect(revise(plan, [agreed('vm.dirty_ratio', 40, 0.1)], subject, 0.55).recommendations.map(({ knob, value }) => [knob, value])).toEqual([['vm.dirty_ratio', 40], ['net.core.somaxconn', 8192]])
    expect(revise(plan, [agreed('vm.dirty_ratio', 40, 0.2)], subject, 0.55)).toEqual({ recommendations: plan.recommendations, notes: [expect.stringContaining("left out, the plan's 25 is as sure or surer")] })
  })

  it('leaves the plan as it is where the model agrees, and where the value stands already', () => {
    expect(revise(plan, [agreed('vm.dirty_ratio', 25), agreed('vm.swappiness', 60)], subject, 0.55)).toEqual({
      recommendations: plan.recommendations,
      notes: [expect.stringContaining('as in the plan'), expect.stringContaining('is so already')],
    })
  })

  it('keeps out what a guard would stop the whole plan for', () => {
    expect(revise(plan, [agreed('vm.swappiness', 10, 0.579)], subject, 0.55)).toEqual({ recommendations: plan.recommendations, notes: [expect.stringContaining('uncertainty 0.58 is not below 0.55')] })
  })

  it('does not overfill a plan', () => {
    const full = planOf(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`a.b${index}`, 1])))
    expect(revise(full, [agreed('vm.swappiness', 10)], subject, 0.55)).toEqual({ recommendations: full.recommendations, notes: [expect.stringContaining('the plan is full')] })
  })
})
