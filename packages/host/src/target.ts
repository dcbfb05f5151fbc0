import { type Catalogue, type Knob, type KnobRef, knobText, type KnobValue, KnobValue as Value, refuses, SemantosError, splitRef, type Write } from '@semantos/core'
import { hostPath } from './interfaces.js'
import { locate } from './locate.js'
import { isPlainText, refusesPath } from './safe-path.js'

/** Where one value goes, and as what text. */
export interface Target {
  readonly ref: KnobRef
  readonly knob: Knob
  /** Relative to the interface's folder. */
  readonly path: string
  readonly value: KnobValue
  readonly text: string
}

/**
 * Decides where a value goes, or refuses it. Only this function turns a name into a file to be written: the path is the
 * catalogue's, with device names that the host itself lists.
 */
export function targetOf(catalogue: Catalogue, list: (path: string) => readonly string[], { ref, value }: Write): Target {
  const knob = catalogue.get(ref)
  if (!knob) throw new SemantosError('SEMANTOS_E_KNOB_UNKNOWN', { message: `${JSON.stringify(ref)} is not in the catalogue` })
  const parsed = Value.safeParse(value)
  const refusal = parsed.success ? refuses(knob, parsed.data, 'range') : { message: `${ref} is not given a value: ${parsed.error.issues[0]?.message ?? ''}` }
  if (refusal) throw new SemantosError('SEMANTOS_E_KNOB_VALUE', { message: refusal.message })
  const { path } = placeOf(knob, ref, list)
  const text = knobText(knob.type, value)
  const denial = refusesPath(knob.where.interface, path) ?? (isPlainText(text) ? null : 'the value is not one line of plain characters')
  if (denial !== null) throw new SemantosError('SEMANTOS_E_PATH_REFUSED', { message: `${ref} is refused: ${denial}` })
  return { ref, knob, path, value, text }
}

/** A knob's file on the device that the reference names. */
export function placeOf(knob: Knob, ref: KnobRef, list: (path: string) => readonly string[]): { readonly path: string } {
  const [place] = locate(list, knob, splitRef(ref).device)
  if (place?.ref === ref) return place
  throw new SemantosError('SEMANTOS_E_APPLY_FAILED', { message: `this host has no ${ref}: ${hostPath(knob.where)}` })
}
