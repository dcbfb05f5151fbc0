import type { Knob, KnobType, KnobValue, Range } from '@semantos/core'
import { type Rule, show, violation } from './rule.js'

/**
 * The kit's guardrail `bounded_changes`: no value becomes more than `max_factor` times larger or smaller in one step.
 *
 * A factor means something between magnitudes only. Switches, words, masks, positions such as a range of ports, and a
 * change to or from a special value ("no limit", "the other of the pair decides") are left to the other rules. From 0 the measure is the knob's search
 * step, or 1: vm.swappiness may go from 0 to 10, not to 60. A value outside the safe bounds is measured from the nearest
 * bound: the way back to safety is never too far. A knob that this host lacks is not changed, so not judged.
 */
export const boundedChanges: Rule = function* ({ plan, current, catalogue }, { guardrails, max_factor: factor }) {
  if (!guardrails.includes('bounded_changes')) return
  for (const { knob: ref, value } of plan.recommendations) {
    const knob = catalogue.get(ref)
    const reading = current.get(ref)
    if (!knob || reading?.status !== 'present') continue
    const tooFar = pairsOf(knob, reading.value, value).find(({ from, to, unit }) => !within(from, to, unit, factor))
    if (!tooFar) continue
    yield violation(
      'bounded_changes',
      ref,
      `${ref} = ${show(value)} is more than ${factor} times away from ${show(reading.value)}, what it is now`,
      `Go there in steps: ${nextStep(tooFar, factor)} first${typeof value === 'object' ? ` instead of ${tooFar.to}` : ''}.`,
    )
  }
}

interface Move {
  readonly from: number
  readonly to: number
  /** The smallest amount that counts, so that moves from and to 0 have a measure. */
  readonly unit: number
}

const NOT_MAGNITUDES: ReadonlySet<string> = new Set(['mask', 'flag'])

/** Whether a factor means something for such values. */
export function areMagnitudes(type: KnobType): boolean {
  return (type.kind === 'integer' && !NOT_MAGNITUDES.has(type.unit)) || (type.kind === 'vector' && type.unit !== 'none')
}

function pairsOf({ type }: Knob, from: KnobValue, to: KnobValue): readonly Move[] {
  if (!areMagnitudes(type)) return []
  if (type.kind === 'integer' && typeof from === 'number' && typeof to === 'number') {
    if (type.special.some(({ value }) => value === from || value === to)) return []
    return [{ from: nearest(type.safe, from), to, unit: type.search?.step ?? 1 }]
  }
  if (type.kind === 'vector' && typeof from === 'object' && typeof to === 'object') {
    return type.fields.map(({ safe }, index) => ({ from: nearest(safe, from[index] ?? 0), to: to[index] ?? 0, unit: 1 }))
  }
  return []
}

function nearest({ min, max }: Range, value: number): number {
  return Math.min(max, Math.max(min, value))
}

function within(from: number, to: number, unit: number, factor: number): boolean {
  if (from < 0 !== to < 0) return Math.abs(to - from) <= factor * Math.max(Math.abs(from), unit)
  const larger = Math.max(Math.abs(from), Math.abs(to), unit)
  const smaller = Math.max(Math.min(Math.abs(from), Math.abs(to)), unit)
  return larger <= factor * smaller
}

/** A value on the way that is near enough. */
function nextStep({ from, to, unit }: Move, factor: number): number {
  const grows = from === 0 || (from < 0 === to < 0 && Math.abs(to) > Math.abs(from))
  if (grows) return Math.sign(to) * Math.floor(factor * Math.max(Math.abs(from), unit))
  return Math.abs(from) <= factor * unit ? 0 : Math.sign(from) * Math.ceil(Math.abs(from) / factor)
}
