import { readFileSync } from 'node:fs'
import { type Catalogue, Document, Edge, type Knob, KnobName, z } from '@semantos/core'

/** Beside `src` as well as beside `dist`. */
const FOLDER = new URL('../data/', import.meta.url)

/** A relation that the kernel's documentation or source states, and what it says, in our own words. */
const SeedEdge = Edge.pick({ from: true, kind: true, to: true, weight: true }).extend({ source: z.url(), because: z.string().min(10) })
export type SeedEdge = z.infer<typeof SeedEdge>

/** A short note in our own words. `signs` are metrics that make it worth reading when they exceed a number. */
export const Note = Document.extend({
  id: z.string().regex(/^note:[a-z0-9-]+$/),
  source: z.url(),
  signs: z.array(z.strictObject({ metric: z.string().min(1), above: z.number() })).readonly(),
  knobs: z.array(KnobName).readonly(),
})
export type Note = z.infer<typeof Note>

export function readSeedEdges(): readonly SeedEdge[] {
  return z.array(SeedEdge).parse(read('edges.json'))
}

export function readNotes(): readonly Note[] {
  return z.array(Note).parse(read('notes.json'))
}

/** The seed as an edge of the model: stated once, and with no date, because what is documented does not age. */
export function edgeOf({ because: _because, ...seed }: SeedEdge): Edge {
  return { ...seed, evidence_count: 1, updated: null }
}

/** Are both ends knobs that SemantOS knows? */
export function isKnown(catalogue: Catalogue): (edge: Pick<Edge, 'from' | 'to'>) => boolean {
  const names = new Set<Knob['name']>(catalogue.names)
  return ({ from, to }) => names.has(from) && names.has(to)
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
}
