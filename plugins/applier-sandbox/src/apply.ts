import { type Applied, type Batch, type KnobRef, KnobValue, refuses, SemantosError, z } from '@semantos/core'
import type { Defaults } from './defaults.js'
import { lineOf } from './line.js'
import type { SandboxFile } from './sandbox-file.js'
import { State } from './state.js'

/** Adds a batch to the file and says what the file then holds. Refuses, before it writes, what Linux would not take. */
export function apply(file: SandboxFile, { changes }: Batch, defaults: Defaults, time: Date): Applied[] {
  const before = new State(defaults, file.text())
  file.append('APPLY', time, changes.map(({ knob, to }) => settingLine(defaults, knob, to)))
  const after = new State(defaults, file.text())
  return changes.map(({ knob, to }) => ({ knob, before: before.of(knob), wanted: to, stored: after.of(knob) }))
}

function settingLine(defaults: Defaults, ref: KnobRef, value: KnobValue): string {
  const knob = defaults.knob(ref)
  // Also of a value that no plan let through: a line break would be a second setting.
  const parsed = KnobValue.safeParse(value)
  if (!parsed.success) throw new SemantosError('SEMANTOS_E_KNOB_VALUE', { message: `${ref}: ${z.prettifyError(parsed.error)}`, cause: parsed.error })
  const refusal = refuses(knob, value, 'range')
  if (refusal) throw new SemantosError('SEMANTOS_E_KNOB_VALUE', { message: refusal.message })
  return lineOf(knob, value)
}
