import { MEMORY_FIX, MEMORY_UNKNOWN, type Machine, machineOf } from './machine.js'
import { type Rule, violation } from './rule.js'
import { type State, numberIn, stateAfter, touched } from './state.js'

/** A limit on dirty pages as the kernel sees it: in bytes where that one is set, else in percent of available memory. */
interface DirtyLimit {
  readonly text: string
  readonly unit: 'bytes' | 'percent'
  readonly amount: number
}

export const DIRTY_KNOBS = ['vm.dirty_ratio', 'vm.dirty_bytes', 'vm.dirty_background_ratio', 'vm.dirty_background_bytes'] as const

function limitOf(state: State, bytesKnob: string, ratioKnob: string): DirtyLimit | undefined {
  const bytes = numberIn(state, bytesKnob)
  if (bytes !== undefined && bytes > 0) return { text: `${bytesKnob} = ${bytes}`, unit: 'bytes', amount: bytes }
  const ratio = numberIn(state, ratioKnob)
  return ratio === undefined ? undefined : { text: `${ratioKnob} = ${ratio}`, unit: 'percent', amount: ratio }
}

/** Dirty pages at which writers are held up, of the available memory; undefined where neither limit is known. */
export function dirtyShare(state: State, machine: Machine): number | 'unknown' | undefined {
  const limit = limitOf(state, 'vm.dirty_bytes', 'vm.dirty_ratio')
  if (!limit) return undefined
  if (limit.unit === 'percent') return limit.amount / 100
  const available = dirtyable(machine)
  return available === undefined ? 'unknown' : limit.amount / available
}

/**
 * Background writing begins before writers are held up; else the kernel quietly takes half of the upper limit for it
 * (mm/page-writeback.c, domain_dirty_limits).
 */
export const dirtyLimits: Rule = function* (proposal, options) {
  const changed = touched(proposal)
  const knob = DIRTY_KNOBS.find((name) => changed.has(name))
  if (knob === undefined) return
  const state = stateAfter(proposal)
  const hard = limitOf(state, 'vm.dirty_bytes', 'vm.dirty_ratio')
  const soft = limitOf(state, 'vm.dirty_background_bytes', 'vm.dirty_background_ratio')
  if (!hard || !soft) return
  const available = hard.unit === soft.unit ? 100 : dirtyable(machineOf(proposal.snapshot, options))
  if (available === undefined) {
    yield violation('relation', knob, `${soft.text} and ${hard.text} cannot be compared: ${MEMORY_UNKNOWN}`, `Give both limits in the same unit. Or: ${MEMORY_FIX}`)
    return
  }
  const size = ({ unit, amount }: DirtyLimit) => (unit === 'bytes' ? amount : (amount / 100) * available)
  if (size(soft) <= size(hard)) return
  yield violation(
    'relation',
    knob,
    `${soft.text} would exceed ${hard.text}, so that writers are held up before background writing begins`,
    'Keep the background limit at or below the other; change both in one plan if need be.',
  )
}

/** The kernel takes the ratios of the memory that is available, which is at most all of it. */
function dirtyable({ availableBytes, memoryBytes }: Machine): number | undefined {
  return availableBytes ?? memoryBytes
}
