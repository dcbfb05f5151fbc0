import { z } from 'zod'
import { KnobRef } from './knob.js'
import { Finite, KnobValue } from './value.js'

/** The telemetry that triggered a recommendation, and the threshold it was held against. */
export const Cue = z.strictObject({ metric: z.string().min(1), value: Finite, because: z.string().min(1) })
export type Cue = z.infer<typeof Cue>

/** What a reasoner proposes for one knob. `uncertainty` is 0 (sure) .. 1 (a guess); `change_pct` below 0 means the metric falls. */
export const RecommendationDraft = z.strictObject({
  knob: KnobRef,
  value: KnobValue,
  rationale: z.string().min(1).max(2000),
  cues: z.array(Cue).max(64).readonly().default([]),
  /** Which metric should move, and by how much in percent of its value now. */
  expected: z.strictObject({ metric: z.string().min(1), change_pct: Finite }),
  uncertainty: z.number().min(0).max(1),
  /** Ids of the rules, edges (`from kind to`), traces and notes that speak for it: `semantos explain` shows them. */
  rules: z.array(z.string()).max(64).readonly().default([]),
  edges: z.array(z.string()).max(64).readonly().default([]),
  traces: z.array(z.string()).max(64).readonly().default([]),
  documents: z.array(z.string()).max(64).readonly().default([]),
})
export type RecommendationDraft = z.input<typeof RecommendationDraft>

/** With who proposed it and who changed it since, stamped by the kernel. */
export const Recommendation = RecommendationDraft.extend({ proposed_by: z.string(), changed_by: z.array(z.string()).readonly() })
export type Recommendation = z.infer<typeof Recommendation>

/** A symptom without a knob: something a person should look at. */
export const Advice = z.strictObject({ symptom: z.string().min(1), text: z.string().min(1).max(2000), cues: z.array(Cue).max(64).readonly().default([]) })
export type Advice = z.infer<typeof Advice>

/** What a plan holds at most, whoever adds to it. */
export const MOST_RECOMMENDATIONS = 1000

function oneEach(recommendations: readonly { readonly knob: string }[], context: z.RefinementCtx): void {
  const first = new Map<string, number>()
  for (const [index, { knob }] of recommendations.entries()) {
    const earlier = first.get(knob)
    if (earlier === undefined) first.set(knob, index)
    else context.addIssue({ code: 'custom', path: [index], message: `${knob} is recommended twice, here and at recommendations[${earlier}]; change that one instead of adding another` })
  }
}

/** The stamps of a recommendation that a reasoner was given, and returns: the kernel sets its own. */
const Stamps = { proposed_by: z.unknown().optional(), changed_by: z.unknown().optional() }

/** What a reasoner returns: recommendations in the order in which they should be tried. */
export const PlanDraft = z.strictObject({
  recommendations: z.array(RecommendationDraft.extend(Stamps)).max(MOST_RECOMMENDATIONS).superRefine(oneEach).readonly(),
  advice: z.array(Advice).max(1000).readonly().default([]),
})

/** What reasoners propose together: at most one recommendation a knob, in the order in which they should be tried. */
export const Plan = z.strictObject({
  recommendations: z.array(Recommendation).readonly(),
  advice: z.array(Advice).readonly(),
})
export type Plan = z.infer<typeof Plan>
/** A reasoner may return recommendations it was given (stamped) beside new ones (not stamped). */
export type PlanDraft = { readonly recommendations: readonly RecommendationDraft[]; readonly advice?: readonly z.input<typeof Advice>[] }
