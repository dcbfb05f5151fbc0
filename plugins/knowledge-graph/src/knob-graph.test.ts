import type { Edge } from '@semantos/core'
import { describe, expect, it } from 'vitest'
import { buildGraph, conflicts, neighbourhood, path } from './knob-graph.js'

function edge(from: string, kind: Edge['kind'], to: string, weight = 1): Edge {
  return { from, kind, to, weight, evidence_count: 1, source: 'test', updated: null }
}

const EDGES = [
  edge('a.a', 'depends_on', 'a.b'),
  edge('a.c', 'synergizes_with', 'a.b', 0.4),
  edge('a.b', 'depends_on', 'a.c', 0.9),
  edge('a.c', 'conflicts_with', 'a.d', 0.5),
  edge('a.a', 'conflicts_with', 'a.d', 0.7),
  edge('b.x', 'depends_on', 'b.y'),
]

describe('neighbourhood', () => {
  it('follows edges both ways, nearest first', async () => {
    const graph = await buildGraph(EDGES)
    expect(neighbourhood(graph, 'a.b')).toEqual([{ knob: 'a.a', hops: 1 }, { knob: 'a.c', hops: 1 }])
    expect(neighbourhood(graph, 'a.b', 2)).toEqual([{ knob: 'a.a', hops: 1 }, { knob: 'a.c', hops: 1 }, { knob: 'a.d', hops: 2 }])
    expect(neighbourhood(graph, 'c.unknown', 3)).toEqual([])
  })
})

describe('path', () => {
  it('is the shortest way, by the strongest edge of each step', async () => {
    const graph = await buildGraph(EDGES.filter(({ kind, from }) => kind !== 'conflicts_with' || from === 'a.c'))
    const kinds = path(graph, 'a.a', 'a.d')?.map(({ from, kind, to }) => `${from} ${kind} ${to}`)
    expect(kinds).toEqual(['a.a depends_on a.b', 'a.b depends_on a.c', 'a.c conflicts_with a.d'])
  })

  it('is null between knobs that nothing connects, and empty from a knob to itself', async () => {
    const graph = await buildGraph(EDGES)
    expect(path(graph, 'a.a', 'b.x')).toBeNull()
    expect(path(graph, 'c.unknown', 'c.unknown')).toBeNull()
    expect(path(graph, 'a.a', 'a.a')).toEqual([])
  })
})

describe('conflicts', () => {
  it('are those among the knobs that are asked about, strongest first', async () => {
    const graph = await buildGraph(EDGES)
    expect(conflicts(graph, ['a.a', 'a.c', 'a.d']).map(({ from, weight }) => [from, weight])).toEqual([['a.a', 0.7], ['a.c', 0.5]])
    expect(conflicts(graph, ['a.a', 'a.c'])).toEqual([])
  })
})
