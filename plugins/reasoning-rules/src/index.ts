import { definePlugin, z } from '@semantos/core'
import { RULES, SYMPTOMS } from './rules/index.js'
import { sceneOf } from './scene.js'
import { think } from './think.js'

const SET_NAMES = ['kit', 'evidence'] as const

/** Deterministic rules: what telemetry shows, which knob helps against it, which value to try, and why. */
export default definePlugin({
  name: '@semantos/reasoning-rules',
  stage: 'reasoning',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    /** `kit`: the eight rules of the reproduction kit. `evidence`: what the counters of a real host point to. */
    sets: z.array(z.enum(SET_NAMES)).min(1).default(['evidence']),
    /** Edges of the knowledge graph from this weight on are heard. */
    min_edge_weight: z.number().min(0).max(1).default(0.5),
    /** What past runs have made this uncertain is left out; keep it at the `tau` of your guardrails. */
    max_uncertainty: z.number().gt(0).max(1).default(0.55),
  }),
  setup(kernel, { sets, min_edge_weight: minEdgeWeight, max_uncertainty: maxUncertainty }) {
    const symptoms = SYMPTOMS.filter(({ set }) => sets.includes(set))
    kernel.hooks.reason.tapPromise('rules', (plan, situation) => think(plan, { symptoms, minEdgeWeight, maxUncertainty }, situation, sceneOf(situation, kernel.host)))
    kernel.hooks.explain.tapPromise('rules', (notes) => {
      for (const { id, set, knob, symptom, direction, why } of RULES) {
        if (sets.includes(set) && knob === notes.knob.name) notes.note('rule', `${id}: ${symptom}: ${direction} it. ${why}`)
      }
    })
  },
})

export type { Detector } from './detect.js'
export type { Scene } from './scene.js'
export type { Change, Direction, Remedy, Rule, RuleSet, Symptom } from './symptom.js'
export { RULES, SYMPTOMS }
