import { type KnobName, splitRef } from '@semantos/core'
import { MEMORY_FIX, MEMORY_UNKNOWN, type Machine, machineOf } from './machine.js'
import type { Options } from './options.js'
import { type Judged, show, violation } from './rule.js'
import { type State, stateAfter, stateBefore } from './state.js'

/** One quantity that must not leave its limit, such as the share of memory that dirty pages may fill. */
export interface Limit {
  /** The quantity is judged when the plan changes one of these. */
  readonly knobs: readonly KnobName[]
  readonly side: 'at most' | 'at least'
  readonly bound: (options: Options) => number
  /** `unknown`: it needs the host's memory, and nobody measured that. Undefined: it does not apply here. */
  readonly quantity: (state: State, machine: Machine, options: Options) => number | 'unknown' | undefined
  /** The quantity's name, such as "what dirty pages may fill of the available memory". */
  readonly what: string
  readonly format: (quantity: number) => string
  /** The option that moves the bound. */
  readonly option: keyof Options
}

/**
 * Holds the state that would result to each limit. A plan that leaves a quantity as it is, or brings it nearer to its
 * limit from outside, is not refused for it.
 */
export function* hold(rule: 'no_oom' | 'no_starvation', limits: readonly Limit[], proposal: Judged, options: Options) {
  if (!options.guardrails.includes(rule)) return
  const machine = machineOf(proposal.snapshot, options)
  const before = stateBefore(proposal)
  const after = stateAfter(proposal)
  for (const limit of limits) {
    const change = proposal.plan.recommendations.find(({ knob }) => limit.knobs.includes(splitRef(knob).name))
    if (!change) continue
    const quantity = limit.quantity(after, machine, options)
    if (quantity === undefined) continue
    const { knob, value } = change
    if (quantity === 'unknown') {
      yield violation(rule, knob, `${rule} cannot judge ${knob}: ${MEMORY_UNKNOWN}`, MEMORY_FIX)
      continue
    }
    const bound = limit.bound(options)
    const sign = limit.side === 'at most' ? 1 : -1
    const earlier = limit.quantity(before, machine, options)
    const noWorse = typeof earlier === 'number' && sign * quantity <= sign * earlier
    if (sign * quantity <= sign * bound || noWorse) continue
    yield violation(
      rule,
      knob,
      `${knob} = ${show(value)}: ${limit.what} would be ${limit.format(quantity)}, and ${limit.side} ${limit.format(bound)} is allowed`,
      `Change ${knob} less, or move the option ${limit.option}, now ${limit.format(bound)}.`,
    )
  }
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`
}
