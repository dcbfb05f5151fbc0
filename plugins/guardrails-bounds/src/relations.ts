import { type Knob, type KnobRef, type KnobValue, joinRef, splitRef } from '@semantos/core'
import { DIRTY_KNOBS } from './dirty-limits.js'
import { type Rule, show, violation } from './rule.js'
import { numberIn, stateAfter, touched } from './state.js'

/** Percent and bytes of the dirty limits mix, so that they have a rule of their own. */
const HAVE_THEIR_OWN: ReadonlySet<string> = new Set(DIRTY_KNOBS)

/** The state that would result keeps each upper bound of the catalogue (`not_above`) of which the plan touches one side. */
export const relations: Rule = function* (proposal) {
  const { catalogue } = proposal
  const changed = touched(proposal)
  const state = stateAfter(proposal)
  for (const low of state.keys()) {
    const { name: lower, device } = splitRef(low)
    const knob = HAVE_THEIR_OWN.has(lower) ? undefined : catalogue.get(low)
    for (const { knob: upper, why } of knob?.not_above ?? []) {
      if (!changed.has(lower) && !changed.has(upper)) continue
      const high = joinRef(upper, device)
      const [below, above] = [numberIn(state, low), numberIn(state, high)]
      if (below === undefined || above === undefined || below <= above || isSpecial(catalogue.get(high), above)) continue
      const ref = changed.has(lower) ? low : high
      const fix = `Keep ${low} at or below ${high}; change both in one plan if need be.`
      yield violation('relation', ref, `${low} = ${below} would exceed ${high} = ${above}: ${why}`, fix)
    }
  }
}

/** A special value, such as 0 for "no limit", bounds nothing. */
function isSpecial(knob: Knob | undefined, value: KnobValue): boolean {
  return knob?.type.kind === 'integer' && knob.type.special.some((special) => special.value === value)
}

/** A knob and one that it resets cannot both be set: whichever is written last wins, and the other becomes 0. */
export const exclusive: Rule = function* ({ plan, catalogue }) {
  const planned = new Map(plan.recommendations.map(({ knob, value }) => [knob, value]))
  const done = new Set<KnobRef>()
  for (const [ref, value] of planned) {
    done.add(ref)
    for (const other of catalogue.get(ref)?.resets ?? []) {
      const wanted = planned.get(other)
      if (wanted === undefined || done.has(other)) continue
      const both = `${ref} = ${show(value)} and ${other} = ${show(wanted)}`
      yield violation('exclusive', ref, `${both} exclude each other: writing one sets the other to 0`, `Keep only one of ${ref} and ${other}.`)
    }
  }
}
