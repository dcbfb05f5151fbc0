import { type Knob, type KnobName, type KnobRef, knobValue, type KnobValue, SemantosError } from '@semantos/core'
import type { Defaults } from './defaults.js'
import { parseLine } from './line.js'

/** The sandbox's idea of a host: the defaults, changed by the lines of the file one after the other. */
export class State {
  readonly #values: Map<KnobName, KnobValue>
  readonly #displaced = new Map<KnobName, readonly (readonly [KnobName, KnobValue])[]>()

  constructor(defaults: Defaults, text: string) {
    this.#values = new Map(defaults.values)
    let beforeBatch: ReadonlyMap<KnobName, KnobValue> | null = null
    for (const line of text.split('\n')) {
      if (line.startsWith('# --- ')) beforeBatch = line.startsWith('# --- APPLY ') ? new Map(this.#values) : null
      const setting = parseLine(line)
      const knob = setting ? defaults.atKey(setting.key) : undefined
      const value = setting && knob ? knobValue(knob.type, setting.text) : null
      if (knob && value !== null) this.#set(knob, value, beforeBatch)
    }
  }

  of(ref: KnobRef): KnobValue {
    const value = this.#values.get(ref)
    if (value === undefined) throw new SemantosError('SEMANTOS_E_KNOB_UNKNOWN', { message: `the sandbox has no ${ref}` })
    return value
  }

  /** What stood before a knob's batch in the knobs that setting it has reset: vm.dirty_bytes sets vm.dirty_ratio to 0. */
  displacedBy(ref: KnobRef): readonly (readonly [KnobName, KnobValue])[] {
    return this.#displaced.get(ref) ?? []
  }

  #set(knob: Knob, value: KnobValue, beforeBatch: ReadonlyMap<KnobName, KnobValue> | null): void {
    const reset = knob.resets.filter((name) => this.#values.has(name))
    for (const name of reset) this.#values.set(name, 0)
    this.#values.set(knob.name, value)
    if (!beforeBatch) return
    this.#displaced.set(knob.name, reset.map((name) => [name, beforeBatch.get(name) ?? 0] as const).filter(([, before]) => before !== 0))
  }
}
