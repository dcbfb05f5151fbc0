import { formatValue, type KnobRef, type KnobValue, type Plan, type Recommendation, type Situation } from '@semantos/core'
import { type Stance, agreementOf, disputed } from './agreement.js'
import { near } from './near.js'
import type { Options } from './options.js'

/** One reasoner with what it recommends. */
export interface Voter {
  readonly id: string
  readonly plan: Plan
}

export interface Merged {
  readonly recommendations: readonly Recommendation[]
  /** What was agreed on and what was disputed, in words. */
  readonly notes: readonly string[]
}

type Limits = Pick<Options, 'near_factor' | 'weight' | 'max_uncertainty'>

/** Entries that the contract allows in each list of a recommendation, and characters in its reason. */
const MOST_CITED = 64
const LONGEST_RATIONALE = 2000

/** One plan of several, in the order in which the first of them name the knobs. */
export function merge(voters: readonly Voter[], current: Situation['current'], limits: Limits): Merged {
  const recommendations: Recommendation[] = []
  const notes: string[] = []
  const agreed: string[] = []
  for (const [knob, proposals] of byKnob(voters)) {
    const reading = current.get(knob)
    const stances = stancesOf(proposals, reading?.status === 'present' ? reading.value : null, limits)
    const [chosen, ...others] = stances.sort((a, b) => a.uncertainty - b.uncertainty || b.members.length - a.members.length)
    if (!chosen) continue
    const uncertainty = disputed(chosen, others, limits.weight)
    const dispute = others.length > 0 ? `${knob}: ${stances.map(inWords).join('; ')}; uncertainty ${uncertainty.toFixed(2)}` : null
    const withheld = dispute !== null && uncertainty >= limits.max_uncertainty
    if (chosen.members.length > 1) agreed.push(`${knob} (${chosen.members.map(({ id }) => id).join(', ')})`)
    if (dispute !== null) notes.push(withheld ? `${dispute}: left out` : dispute)
    if (!withheld) recommendations.push(recommendationOf(chosen, others, uncertainty))
  }
  return { recommendations, notes: agreed.length > 0 ? [`agreed on ${agreed.join(', ')}`, ...notes] : notes }
}

interface Proposal {
  readonly id: string
  readonly recommendation: Recommendation
}

function byKnob(voters: readonly Voter[]): Map<KnobRef, Proposal[]> {
  const knobs = new Map<KnobRef, Proposal[]>()
  for (const { id, plan } of voters) {
    for (const recommendation of plan.recommendations) {
      const { knob } = recommendation
      knobs.set(knob, [...(knobs.get(knob) ?? []), { id, recommendation }])
    }
  }
  return knobs
}

/** Groups of proposals that agree, each around its surest, whose value it takes. */
function stancesOf(proposals: readonly Proposal[], now: KnobValue | null, { near_factor, weight }: Limits): Stance<Proposal>[] {
  const surestFirst = [...proposals].sort((a, b) => a.recommendation.uncertainty - b.recommendation.uncertainty)
  const groups: [Proposal, ...Proposal[]][] = []
  for (const proposal of surestFirst) {
    const group = groups.find(([leader]) => near(leader.recommendation.value, proposal.recommendation.value, now, near_factor))
    if (group) group.push(proposal)
    else groups.push([proposal])
  }
  return groups.map((members) => ({ members, uncertainty: agreementOf(members.map(({ recommendation }) => recommendation.uncertainty), weight) }))
}

function inWords({ members: [leader, ...rest] }: Stance<Proposal>): string {
  return `${[leader, ...rest].map(({ id }) => id).join(' and ')} ${rest.length > 0 ? 'say' : 'says'} ${formatValue(leader.recommendation.value)}`
}

/** Nobody else spoke: as it was. Else who agreed stands among the rules and, with who did not, in the reason. */
function recommendationOf({ members }: Stance<Proposal>, others: readonly Stance<Proposal>[], uncertainty: number): Recommendation {
  const [{ recommendation: leader }] = members
  if (members.length === 1 && others.length === 0) return leader
  const all = members.map(({ recommendation }) => recommendation)
  const union = (list: (recommendation: Recommendation) => readonly string[]) => [...new Set(all.flatMap(list))].slice(0, MOST_CITED)
  const agreed = members.map(({ id }) => id)
  const against = others.flatMap((stance) => stance.members.map(({ id, recommendation }) => `${id} says ${formatValue(recommendation.value)}`))
  const suffix = [...(agreed.length > 1 ? [`${agreed.join(' and ')} agree`] : []), ...against].join('; ')
  const cues = new Map(all.flatMap((recommendation) => recommendation.cues).map((cue) => [cue.metric, cue]))
  return {
    ...leader,
    rationale: `${leader.rationale.slice(0, LONGEST_RATIONALE - Math.min(suffix.length, 500) - 3)} (${suffix.slice(0, 500)})`,
    uncertainty,
    cues: [...cues.values()].slice(0, MOST_CITED),
    rules: [...(agreed.length > 1 ? agreed.map((id) => `agreed: ${id}`) : []), ...union(({ rules }) => rules)].slice(0, MOST_CITED),
    edges: union(({ edges }) => edges),
    traces: union(({ traces }) => traces),
    documents: union(({ documents }) => documents),
  }
}
