import { Catalogue, type CatalogueEntry } from '../../model/catalogue.js'
import { Knob, type KnobInput, KnobName } from '../../model/knob.js'
import type { Call } from '../call.js'
import { type Draft, parse, twice } from './draft.js'

/** What `configure` is handed. */
export interface KnobsView {
  /** Adds a knob to the catalogue. A name added twice is an error that names both plugins. It is checked when first used. */
  knob(knob: KnobInput): void
}

/** Knobs from every knowledge plugin. */
export class KnobsDraft implements Draft<KnobsView> {
  readonly #knobs = new Map<string, CatalogueEntry & { readonly plugin: string }>()

  /** The view of one tap. */
  for(call: Call): KnobsView {
    return {
      knob: (input) => {
        const name = parse(KnobName, input.name, call)
        const other = this.#knobs.get(name)
        if (other) throw twice('SEMANTOS_E_KNOB_DUPLICATE', `knob ${name}`, other.plugin, call)
        this.#knobs.set(name, { name, plugin: call.plugin, load: () => parse(Knob, input, call) })
        call.note(name)
      },
    }
  }

  /** The catalogue. */
  finish(): Catalogue {
    return new Catalogue(this.#knobs.values())
  }
}
