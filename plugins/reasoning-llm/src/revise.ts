import { type Cue, formatValue, metricValue, type Plan, type PlanDraft, type RecommendationDraft, sameValue } from '@semantos/core'
import type { Agreed } from './consensus.js'
import type { Source } from './prompt.js'
import type { Subject } from './rank.js'

/** Recommendations that the contract allows in a plan. */
const MOST_IN_A_PLAN = 1000
/** Citations that a recommendation carries, of each kind. */
const MOST_CITED = 16

export interface Revision {
  readonly recommendations: PlanDraft['recommendations']
  readonly notes: readonly string[]
}

/**
 * The plan so far with what the samples agree on. A recommendation of the plan gives way only to a surer one; what is too
 * unsure is said and left out, because one recommendation that a guard refuses stops the whole plan.
 */
export function revise(plan: Plan, agreed: readonly Agreed[], subject: Subject, maxUncertainty: number): Revision {
  const revised: RecommendationDraft[] = [...plan.recommendations]
  const notes: string[] = []
  for (const { suggestion, votes, samples, uncertainty } of agreed) {
    const { knob, value } = suggestion
    const reading = subject.current.get(knob)
    const place = revised.findIndex((recommendation) => recommendation.knob === knob)
    const planned = revised[place]
    const proposal = `${knob} = ${formatValue(value)} (${votes} of ${samples} samples)`
    if (planned && sameValue(planned.value, value)) notes.push(`${proposal}: as in the plan`)
    else if (uncertainty >= maxUncertainty) notes.push(`${proposal}: left out, its uncertainty ${uncertainty.toFixed(2)} is not below ${maxUncertainty}`)
    else if (planned && uncertainty >= planned.uncertainty) notes.push(`${proposal}: left out, the plan's ${formatValue(planned.value)} is as sure or surer`)
    else if (planned) revised[place] = recommendationOf(suggestion, `${votes} of ${samples} samples, instead of ${formatValue(planned.value)}`, uncertainty, subject)
    else if (reading?.status === 'present' && sameValue(reading.value, value)) notes.push(`${proposal}: is so already`)
    else if (revised.length < MOST_IN_A_PLAN) revised.push(recommendationOf(suggestion, `${votes} of ${samples} samples`, uncertainty, subject))
    else notes.push(`${proposal}: left out, the plan is full`)
  }
  return { recommendations: revised, notes }
}

function recommendationOf({ knob, value, rationale, expected, cues, sources }: Agreed['suggestion'], agreement: string, uncertainty: number, { snapshot }: Subject): RecommendationDraft {
  const cited = (kind: Source['kind']) => [...new Set(sources.flatMap((source) => (source.kind === kind ? [source.id] : [])))].slice(0, MOST_CITED)
  return {
    knob,
    value,
    rationale: `${rationale} (${agreement})`,
    cues: cues.slice(0, MOST_CITED).flatMap((metric): Cue[] => {
      const measured = metricValue(snapshot, metric)
      return measured === undefined ? [] : [{ metric, value: measured, because: 'named by the language model' }]
    }),
    expected,
    uncertainty,
    rules: [],
    edges: cited('edges'),
    traces: cited('traces'),
    documents: cited('documents'),
  }
}
