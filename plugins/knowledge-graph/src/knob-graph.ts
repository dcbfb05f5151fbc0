import type { Edge, KnobName } from '@semantos/core'
import type { MultiDirectedGraph } from 'graphology'

/** Knobs, and every relation between them that is known: one edge for each pair, kind and source. */
export type KnobGraph = MultiDirectedGraph<Record<string, never>, Edge>

/** graphology takes some 20 ms to load, so it is loaded when a graph is first built. */
export async function buildGraph(edges: readonly Edge[]): Promise<KnobGraph> {
  const { MultiDirectedGraph: Graph } = await import('graphology')
  const graph: KnobGraph = new Graph()
  for (const edge of edges) {
    graph.mergeNode(edge.from)
    graph.mergeNode(edge.to)
    graph.addDirectedEdge(edge.from, edge.to, edge)
  }
  return graph
}

export interface Neighbour {
  readonly knob: KnobName
  /** Edges between the knob and this neighbour on the shortest way. */
  readonly hops: number
}

/** Knobs within so many edges of this one, whichever way they point, nearest first and then by name. */
export function neighbourhood(graph: KnobGraph, knob: KnobName, hops = 1): Neighbour[] {
  const found = new Map([[knob, 0]])
  let rim = [knob]
  for (let distance = 1; distance <= hops; distance++) {
    const next = [...new Set(rim.flatMap((name) => neighboursOf(graph, name)))].filter((name) => !found.has(name)).sort()
    for (const name of next) found.set(name, distance)
    rim = next
  }
  found.delete(knob)
  return [...found].map(([name, distance]) => ({ knob: name, hops: distance }))
}

/** The edges of a shortest way between two knobs, whichever way they point; null where there is none. */
export function path(graph: KnobGraph, from: KnobName, to: KnobName): Edge[] | null {
  const cameBy = new Map<KnobName, KnobName | null>([[from, null]])
  for (const name of cameBy.keys()) {
    if (name === to) break
    for (const next of neighboursOf(graph, name).sort()) if (!cameBy.has(next)) cameBy.set(next, name)
  }
  if (!cameBy.has(to) || !graph.hasNode(to)) return null
  const edges: Edge[] = []
  for (let [name, before] = [to, cameBy.get(to) ?? null]; before !== null; [name, before] = [before, cameBy.get(before) ?? null]) {
    edges.unshift(...strongestBetween(graph, before, name))
  }
  return edges
}

/** The conflicts among these knobs: each pair that must not be changed together, strongest first. */
export function conflicts(graph: KnobGraph, knobs: readonly KnobName[]): Edge[] {
  const among = new Set(knobs)
  return graph
    .filterEdges((_edge, { kind, from, to }) => kind === 'conflicts_with' && among.has(from) && among.has(to))
    .map((edge) => graph.getEdgeAttributes(edge))
    .sort((a, b) => b.weight - a.weight || (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1))
}

function neighboursOf(graph: KnobGraph, knob: KnobName): KnobName[] {
  return graph.hasNode(knob) ? graph.neighbors(knob) : []
}

function strongestBetween(graph: KnobGraph, a: KnobName, b: KnobName): Edge[] {
  const edges = [...graph.directedEdges(a, b), ...graph.directedEdges(b, a)].map((edge) => graph.getEdgeAttributes(edge))
  return edges.sort((one, other) => other.weight - one.weight).slice(0, 1)
}
