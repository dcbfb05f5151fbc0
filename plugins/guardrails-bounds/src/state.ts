import { type KnobRef, type KnobValue, splitRef } from '@semantos/core'
import type { Judged } from './rule.js'

/** The values of all knobs at one moment. */
export type State = ReadonlyMap<KnobRef, KnobValue>

/** The knobs as they stand. */
export function stateBefore({ current }: Judged): State {
  const state = new Map<KnobRef, KnobValue>()
  for (const [ref, reading] of current) if (reading.status === 'present') state.set(ref, reading.value)
  return state
}

/**
 * The knobs as they would stand: with the plan on top, and with what a write to one knob resets in another
 * (vm.dirty_bytes sets vm.dirty_ratio to 0).
 */
export function stateAfter({ plan, resulting, catalogue }: Judged): State {
  const state = new Map(resulting)
  const planned = new Set(plan.recommendations.map(({ knob }) => knob))
  for (const ref of planned) {
    for (const reset of catalogue.get(ref)?.resets ?? []) if (!planned.has(reset)) state.set(reset, 0)
  }
  return state
}

/** The names of the knobs that the plan changes, without devices. */
export function touched({ plan }: Judged): ReadonlySet<string> {
  return new Set(plan.recommendations.map(({ knob }) => splitRef(knob).name))
}

/** A knob's number, or undefined where it has none. */
export function numberIn(state: State, ref: KnobRef): number | undefined {
  const value = state.get(ref)
  return typeof value === 'number' ? value : undefined
}

/** The largest number of a knob: the number itself, or the greatest of a vector. */
export function largestIn(state: State, ref: KnobRef): number | undefined {
  const value = state.get(ref)
  if (typeof value === 'object') return Math.max(...value)
  return typeof value === 'number' ? value : undefined
}
