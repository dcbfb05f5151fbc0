import { type Catalogue, type Document, type Knob, type Metric, type Snapshot, splitRef } from '@semantos/core'
import type MiniSearch from 'minisearch'
import { type Note, readNotes } from './seeds.js'

/** A document with the words it is found by. */
interface Entry extends Document {
  readonly metrics: string
  readonly knobs: string
}

/** Notes first: a note tells how to read a metric, a meaning only what a knob does. */
const NOTE_BOOST = 2

/** The notes and the catalogue's meanings, to be searched. Documents are cited by id: `note:NAME` or `knob:NAME`. */
export class Library {
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #notes: readonly Note[]
  readonly #index: MiniSearch<Entry>

  private constructor(notes: readonly Note[], entries: readonly Entry[], index: MiniSearch<Entry>) {
    this.#notes = notes
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]))
    this.#index = index
    index.addAll(entries)
  }

  static async open(catalogue: Catalogue): Promise<Library> {
    const { default: Index } = await import('minisearch')
    const notes = readNotes()
    const entries = [...notes.map(entryOfNote), ...Array.from(catalogue, entryOfKnob)]
    const index = new Index<Entry>({ fields: ['title', 'text', 'metrics', 'knobs'], tokenize: words })
    return new Library(notes, entries, index)
  }

  /** The documents that fit these words best. */
  search(query: string, count: number): Document[] {
    const found = this.#index.search(query, { boost: { title: 3, knobs: 2 }, boostDocument: boost, prefix: (term) => term.length > 3, fuzzy: 0.1 })
    return found.slice(0, count).flatMap(({ id }) => this.#document(String(id)))
  }

  /** The documents on what is notable in a snapshot: metrics above what a note calls a sign. A note without such a sign is left out. */
  relevant(snapshot: Snapshot, count: number): Document[] {
    const shown = this.#notes.map((note) => ({ id: note.id, metrics: note.signs.filter((sign) => shows(snapshot.metrics, sign)).map(({ metric }) => metric) }))
    const notable = new Set(shown.flatMap(({ metrics }) => metrics))
    if (notable.size === 0) return []
    const silent = new Set(shown.filter(({ metrics }) => metrics.length === 0).map(({ id }) => id))
    const found = this.#index.search([...notable].join(' '), { fields: ['metrics'], tokenize: (text) => text.split(' '), boostDocument: boost })
    return found.filter(({ id }) => !silent.has(String(id))).slice(0, count).flatMap(({ id }) => this.#document(String(id)))
  }

  /** Notes that name a knob. */
  about(knob: string): Note[] {
    return this.#notes.filter(({ knobs }) => knobs.includes(knob))
  }

  #document(id: string): Document[] {
    const entry = this.#entries.get(id)
    return entry ? [{ id: entry.id, title: entry.title, text: entry.text, source: entry.source }] : []
  }
}

function entryOfNote({ id, title, text, source, signs, knobs }: Note): Entry {
  return { id, title, text, source, metrics: signs.map(({ metric }) => metric).join(' '), knobs: knobs.join(' ') }
}

function entryOfKnob({ name, meaning, documentation, evidence }: Knob): Entry {
  return { id: `knob:${name}`, title: name, text: meaning, source: documentation, metrics: evidence.join(' '), knobs: name }
}

function boost(id: unknown): number {
  return String(id).startsWith('note:') ? NOTE_BOOST : 1
}

function shows(metrics: readonly Metric[], { metric, above }: Note['signs'][number]): boolean {
  return metrics.some(({ name, value }) => splitRef(name).name === metric && value > above)
}

/** Whole names such as vm.swappiness, and the words they are made of. */
function words(text: string): string[] {
  const names = text.toLowerCase().split(/[\s,;:()'"]+/).map((word) => word.replace(/\.$/, '')).filter(Boolean)
  return names.flatMap((name) => [name, ...(/[._-]/.test(name) ? name.split(/[._-]+/).filter(Boolean) : [])])
}
