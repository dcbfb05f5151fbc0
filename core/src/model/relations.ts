import type { Knob, KnobName } from './knob.js'

/** The knobs whose values a write to this one may change. They are journalled with it, and restored after it. */
export function changedAlong(knob: Knob): readonly KnobName[] {
  return [...knob.resets, ...knob.also_changes]
}

/** Why the first knob must not exceed the second; undefined where it may. */
export function whyNotAbove(lower: Knob, upper: KnobName): string | undefined {
  return lower.not_above.find(({ knob }) => knob === upper)?.why
}

/** Whether a change of one knob says little without the other: they bound or change each other, or belong to one mechanism. */
export function areRelated(one: Knob, other: Knob): boolean {
  if (one.mechanism !== null && one.mechanism === other.mechanism) return true
  return pointsTo(one, other.name) || pointsTo(other, one.name)
}

function pointsTo(knob: Knob, other: KnobName): boolean {
  return changedAlong(knob).includes(other) || whyNotAbove(knob, other) !== undefined
}
