import { Reading } from '../../model/change.js'
import { type Knob, splitRef } from '../../model/knob.js'
import type { Call } from '../call.js'
import { type Draft, outputError, parse } from './draft.js'

/** What `read` is handed. */
export interface ReadingsView {
  /** The knobs that no applier before this one has claimed. */
  readonly knobs: readonly Knob[]
  /** Claims a knob by saying how it stands, once for each device that has it. */
  add(reading: Reading): void
}

/** Appliers are asked in the order of the slot; the first that answers for a knob will be the one to change it. */
export class ReadingsDraft implements Draft<ReadingsView> {
  readonly readings = new Map<string, Reading>()
  readonly claims = new Map<string, string>()
  #open: readonly Knob[]

  constructor(knobs: readonly Knob[]) {
    this.#open = knobs
  }

  /** The view of one tap. */
  for(call: Call): ReadingsView {
    const claimed = new Set<string>()
    for (const ref of this.claims.keys()) claimed.add(splitRef(ref).name)
    this.#open = this.#open.filter((knob) => !claimed.has(knob.name))
    const open = new Set(this.#open.map((knob) => knob.name))
    return {
      knobs: this.#open,
      add: (input) => {
        const reading = parse(Reading, input, call)
        if (!open.has(splitRef(reading.knob).name)) throw outputError(call, `answers for ${reading.knob}, which it was not asked for`)
        this.readings.set(reading.knob, reading)
        this.claims.set(reading.knob, call.plugin)
        call.note(reading.knob)
      },
    }
  }
}
