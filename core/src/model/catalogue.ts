import { type Knob, type KnobName, type KnobRef, splitRef } from './knob.js'
import { similarTo } from './similar.js'

/** A knob by its name, checked when it is first asked for: checking several hundred at every start would cost 40 ms. */
export interface CatalogueEntry {
  readonly name: KnobName
  /** Parses the knob; throws what its plugin would be told where it breaks the model. */
  load(): Knob
}

/** The knobs SemantOS may read and write. What is not in here does not exist for it. */
export class Catalogue {
  readonly #entries: ReadonlyMap<KnobName, CatalogueEntry>
  readonly #loaded = new Map<KnobName, Knob>()

  constructor(entries: Iterable<CatalogueEntry>) {
    this.#entries = new Map([...entries].sort((a, b) => (a.name < b.name ? -1 : 1)).map((entry) => [entry.name, entry]))
  }

  /** A catalogue of knobs that are checked already, as tests have them. */
  static of(knobs: Iterable<Knob>): Catalogue {
    return new Catalogue(Array.from(knobs, (knob) => ({ name: knob.name, load: () => knob })))
  }

  /** The knob behind a name or a reference with a device, or undefined where the catalogue has none. */
  get(ref: KnobRef): Knob | undefined {
    const { name } = splitRef(ref)
    const loaded = this.#loaded.get(name) ?? this.#entries.get(name)?.load()
    if (loaded) this.#loaded.set(name, loaded)
    return loaded
  }

  /** How many knobs it holds. */
  get size(): number {
    return this.#entries.size
  }

  /** All names, ordered. */
  get names(): KnobName[] {
    return [...this.#entries.keys()]
  }

  /** All knobs, ordered by name. */
  *[Symbol.iterator](): IterableIterator<Knob> {
    for (const name of this.#entries.keys()) {
      const knob = this.get(name)
      if (knob) yield knob
    }
  }

  /** The knobs whose names match one of the patterns; `*` stands for any characters. */
  matching(patterns: readonly string[]): Knob[] {
    if (patterns.length === 0) return []
    const any = new RegExp(`^(?:${patterns.map((pattern) => pattern.split('*').map(escape).join('.*')).join('|')})$`)
    return this.names.filter((name) => any.test(name)).flatMap((name) => this.get(name) ?? [])
  }

  /** Names close to a mistyped one, nearest first; a device in brackets is no part of the name. */
  similar(ref: string, most = 3): KnobName[] {
    return similarTo(splitRef(ref).name, this.names, most)
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
