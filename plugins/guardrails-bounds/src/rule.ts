import { formatValue, type KnobRef, type KnobValue, type Proposal, type ViolationDraft } from '@semantos/core'
import type { Options } from './options.js'

/** What a rule looks at. */
export type Judged = Pick<Proposal, 'plan' | 'current' | 'resulting' | 'catalogue' | 'snapshot'>

/** One rule: all reasons of its own why the plan must not be applied. It never throws. */
export type Rule = (proposal: Judged, options: Options) => Iterable<ViolationDraft>

const LONGEST_TEXT = 1000

/** A violation whose texts fit the contract, however long the names and values in them are. */
export function violation(rule: string, knob: KnobRef | null, message: string, fix: string): ViolationDraft {
  return { rule, knob, message: shorten(message, LONGEST_TEXT), fix: shorten(fix, LONGEST_TEXT) }
}

/** A value as the kernel prints it, cut where it is longer than a line. */
export function show(value: KnobValue): string {
  return shorten(formatValue(value), 80)
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
