import { type Advice, type Cue, type KnobRef, type KnobValue, type RecommendationDraft, sameValue } from '@semantos/core'
import type { Remedy, Symptom } from './symptom.js'

/** A value for one knob, and the rule and telemetry behind it. */
export interface Proposal {
  readonly symptom: Symptom
  readonly remedy: Remedy
  readonly rule: string
  readonly cues: readonly Cue[]
  readonly ref: KnobRef
  readonly current: KnobValue
  readonly value: KnobValue
}

/**
 * One recommendation a knob, surest first, the kit's in the kit's order. Evidence beats the kit, and several symptoms that
 * want the same knob changed the same way speak together. Where they pull it in opposite directions nothing is recommended.
 */
export function combine(proposals: readonly Proposal[]): { recommendations: readonly RecommendationDraft[]; advice: readonly Advice[] } {
  const evidence = byRef(proposals.filter(({ symptom }) => symptom.set === 'evidence').sort((a, b) => a.remedy.uncertainty - b.remedy.uncertainty))
  const kit = byRef(proposals.filter(({ symptom, ref }) => symptom.set === 'kit' && !evidence.has(ref)))
  const contested = [...evidence].filter(([, rivals]) => pullApart(rivals))
  const settled = [...evidence].filter(([, rivals]) => !pullApart(rivals))
  return { recommendations: [...settled, ...kit].map(([, rivals]) => recommend(rivals)), advice: contested.map(([ref, rivals]) => contest(ref, rivals)) }
}

/** The surest proposal first in each list. */
function byRef(proposals: readonly Proposal[]): Map<KnobRef, [Proposal, ...Proposal[]]> {
  const lists = new Map<KnobRef, [Proposal, ...Proposal[]]>()
  for (const proposal of proposals) {
    const list = lists.get(proposal.ref)
    if (list) list.push(proposal)
    else lists.set(proposal.ref, [proposal])
  }
  return lists
}

function pullApart([first, ...others]: readonly [Proposal, ...Proposal[]]): boolean {
  return others.some((other) => sideOf(first) !== sideOf(other))
}

/** -1 down, 1 up; words and vectors have no sides. */
function sideOf({ current, value }: Proposal): number {
  return typeof current === 'number' && typeof value === 'number' ? Math.sign(value - current) : 0
}

/** The surest proposal's value and words, with the telemetry and rules of all that agree. */
function recommend([first, ...others]: readonly [Proposal, ...Proposal[]]): RecommendationDraft {
  const agreeing = [first, ...others.filter(({ current, value }) => typeof current === 'number' || sameValue(value, first.value))]
  const { symptom, remedy, ref, value } = first
  return {
    knob: ref,
    value,
    rationale: `${symptom.says}. ${remedy.why} Afterwards look at: ${remedy.checkAfter}.`,
    cues: distinct(agreeing.flatMap(({ cues }) => cues)),
    expected: remedy.expected,
    uncertainty: remedy.uncertainty,
    rules: [...new Set(agreeing.map(({ rule }) => rule))],
  }
}

function contest(ref: KnobRef, rivals: readonly Proposal[]): Advice {
  const views = rivals.map(({ symptom, value }) => `${symptom.says}: ${String(value)}`)
  return {
    symptom: `Symptoms disagree on ${ref}`,
    text: `${views.join('; ')}. Find out which of them costs more, then change it by hand.`.slice(0, 2000),
    cues: distinct(rivals.flatMap(({ cues }) => cues)),
  }
}

function distinct(cues: readonly Cue[]): Cue[] {
  return [...new Map(cues.map((cue) => [`${cue.metric} ${cue.because}`, cue])).values()]
}
