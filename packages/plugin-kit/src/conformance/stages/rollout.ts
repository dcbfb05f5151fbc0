import assert from 'node:assert/strict'
import type { Edge } from '@semantos/core'
import type { Check } from '../check.js'
import { NO_PLAN } from '../world/seen.js'
import type { World } from '../world/world.js'
import { type Case, answersPlainly } from './case.js'
import { HUGE_PLAN, hostilePlan, hugeEvidence } from './hostile-world.js'

const edge = (from: string, to: string): Edge => ({ from, to, kind: 'depends_on', weight: 1, evidence_count: 1, source: 'sample', updated: null })

/** Every knob depends on the next, the last on the first, and each on itself and on one that nobody knows. */
function inCircles({ plan, evidence }: World): Partial<World> {
  const names = plan.recommendations.map(({ knob }) => knob)
  const edges = names.flatMap((name, index) => [edge(name, names[(index + 1) % names.length] ?? name), edge(name, name), edge(name, 'invented.knob')])
  return { evidence: { ...evidence, edges } }
}

const CASES: readonly Case[] = [
  { name: 'a sound plan', change: () => ({}) },
  { name: 'an empty plan', change: () => ({ plan: NO_PLAN }) },
  { name: 'one knob', change: ({ plan }) => ({ plan: { ...plan, recommendations: plan.recommendations.slice(0, 1) } }) },
  { name: 'a thousand invented knobs', change: () => ({ plan: HUGE_PLAN }) },
  { name: 'dependencies in circles', change: inCircles },
  { name: 'thousands of edges', change: ({ evidence }) => ({ evidence: hugeEvidence(evidence) }) },
  { name: 'no evidence', change: () => ({ evidence: { edges: [], traces: [], documents: [] } }) },
  { name: 'a catalogue without knobs', change: () => ({ knobs: [] }) },
  { name: 'instructions and code in texts', change: ({ plan }) => ({ plan: hostilePlan(plan) }) },
]

/** The kernel applies nothing where a change stands in no step, or in two. */
export const rollout: readonly Check[] = CASES.map(({ name, change }) => ({
  name: `hostile input: every change in exactly one step (${name})`,
  run: ({ plugin, world }) => {
    const changed: World = { ...world, ...change(world) }
    return answersPlainly(plugin, changed, {}, ({ answers }) => {
      const scheduled = (answers.schedule ?? []).flatMap(({ knobs }) => knobs)
      assert.deepEqual(scheduled.sort(), changed.plan.recommendations.map(({ knob }) => knob).sort())
    })
  },
}))
