import { type Knob, type KnobName, type KnobRef, type KnobValue, SemantosError } from '@semantos/core'
import { keyOf } from './line.js'

/**
 * The sandbox as it stands before anything is set: the knobs that were asked for and that it has, at their defaults. Not the whole
 * catalogue, which takes a while to check.
 */
export class Defaults {
  readonly values = new Map<KnobName, KnobValue>()
  readonly #byName = new Map<KnobName, Knob>()
  readonly #byKey = new Map<string, Knob>()

  learn(knobs: readonly Knob[]): void {
    for (const knob of knobs) {
      if (whyAbsent(knob) !== null || knob.default === null) continue
      this.values.set(knob.name, knob.default)
      this.#byName.set(knob.name, knob)
      this.#byKey.set(keyOf(knob), knob)
    }
  }

  /** The knob that a line of the file sets. */
  atKey(key: string): Knob | undefined {
    return this.#byKey.get(key)
  }

  knob(ref: KnobRef): Knob {
    const knob = this.#byName.get(ref)
    if (knob === undefined) throw new SemantosError('SEMANTOS_E_KNOB_UNKNOWN', { message: `the sandbox has no ${ref}` })
    return knob
  }
}

/** Why the sandbox has no such knob; null where it has. */
export function whyAbsent(knob: Knob): string | null {
  if (knob.where.per !== 'host') return `one for each ${knob.where.per}, and the sandbox has none`
  if (knob.default === null) return 'the kernel computes its default from the machine, and the sandbox has no machine'
  return null
}
