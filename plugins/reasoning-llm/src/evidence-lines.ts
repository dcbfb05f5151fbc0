import { type Line, type Lines, line } from './lines.js'
import type { Candidate, Subject } from './rank.js'

/** Where a short id of the prompt, such as `e3`, points to. */
export interface Source {
  readonly kind: 'edges' | 'traces' | 'documents'
  readonly id: string
}

export interface EvidenceLine extends Line {
  readonly id: string
  readonly source: Source
}

/** Knobs whose names are looked for in notes. */
const MOST_NAMED = 40

/** Edges, past runs and notes, the most relevant of each first and in turn, so that none of the three crowds out the others. */
export function evidenceLines({ evidence }: Subject, candidates: readonly Candidate[], lines: Lines, compared: readonly string[]): readonly EvidenceLine[] {
  const place = new Map(candidates.map(({ knob }, index) => [knob.name, index]))
  const at = (name: string) => place.get(name) ?? candidates.length
  const edges = evidence.edges
    .filter(({ from, to }) => place.has(from) && place.has(to))
    .sort((a, b) => at(a.from) + at(a.to) - at(b.from) - at(b.to) || b.weight - a.weight)
    .map((edge, index): EvidenceLine => entry(`e${index + 1}`, { kind: 'edges', id: `${edge.from} ${edge.kind} ${edge.to}` }, (id) => lines.edge(id, edge)))
  const traces = [...evidence.traces]
    .sort((a, b) => Math.abs(b.improvement_pct ?? 0) - Math.abs(a.improvement_pct ?? 0))
    .map((trace, index): EvidenceLine => entry(`t${index + 1}`, { kind: 'traces', id: trace.id }, (id) => lines.trace(id, trace, compared)))
  const names = candidates.slice(0, MOST_NAMED).map(({ knob }) => knob.name)
  const documents = evidence.documents
    .map((document) => ({ document, rank: firstNamed(names, `${document.title} ${document.text}`) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ document }, index): EvidenceLine => entry(`d${index + 1}`, { kind: 'documents', id: document.id }, (id) => lines.document(id, document)))
  return inTurn([edges, traces, documents])
}

function entry(id: string, source: Source, write: (id: string) => string): EvidenceLine {
  return { ...line(write(id)), id, source }
}

function firstNamed(names: readonly string[], text: string): number {
  const index = names.findIndex((name) => text.includes(name))
  return index < 0 ? names.length : index
}

function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat()
}
