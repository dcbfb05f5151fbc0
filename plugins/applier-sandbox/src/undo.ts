import { type Applied, formatValue, type KnobName, type KnobValue, sameValue, type Undo, type Undone } from '@semantos/core'
import type { Defaults } from './defaults.js'
import { lineOf } from './line.js'
import type { SandboxFile } from './sandbox-file.js'
import { State } from './state.js'

/** Adds the values before a batch to the file. A value that is no longer the batch's is left alone. */
export function undo(file: SandboxFile, { applied }: Undo, defaults: Defaults, time: Date): Undone[] {
  const then = new State(defaults, file.text())
  const writes = applied.filter((change) => isOurs(then, change)).flatMap((change) => restoringWrites(then, change))
  if (writes.length > 0) file.append('ROLLBACK', time, writes.map(([name, value]) => lineOf(defaults.knob(name), value)))
  const now = new State(defaults, file.text())
  return applied.map((change) => ({ knob: change.knob, now: now.of(change.knob), ...outcome(then, now, change) }))
}

function isOurs(state: State, { knob, before, stored }: Applied): boolean {
  return sameValue(state.of(knob), stored) && !sameValue(stored, before)
}

/**
 * A knob whose write had reset another is taken back by writing that other one, which resets the knob in turn: Linux does not
 * take a 0 for vm.dirty_bytes.
 */
function restoringWrites(state: State, { knob, before }: Applied): readonly (readonly [KnobName, KnobValue])[] {
  const displaced = state.displacedBy(knob)
  return displaced.length > 0 ? displaced : [[knob, before]]
}

function outcome(then: State, now: State, change: Applied): Pick<Undone, 'outcome' | 'detail'> {
  const { knob, before, stored } = change
  if (sameValue(now.of(knob), before)) {
    return isOurs(then, change) ? { outcome: 'restored', detail: `back at ${formatValue(before)}` } : { outcome: 'unchanged', detail: `stands at ${formatValue(before)}` }
  }
  const found = `the file says ${formatValue(now.of(knob))}`
  return isOurs(then, change) ? { outcome: 'failed', detail: found } : { outcome: 'modified externally', detail: `${found}, and this run had set ${formatValue(stored)}` }
}
