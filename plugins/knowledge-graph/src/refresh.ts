import type { Edge } from '@semantos/core'
import { aged, rounded } from './ageing.js'
import type { Outcome, Pair } from './outcome.js'

/** How far one outcome of a single pair moves a weight towards 1; with more pairs, each gets its part. */
const CREDIT = 0.3
/** A weight below this is forgotten. */
const FORGOTTEN = 0.01

/**
 * What outcomes have taught, after one more. A joint success strengthens the relations that a pair is known to have, and makes no
 * new ones: it does not say that the knobs needed each other. A joint regression makes or strengthens a conflict. Either weakens what
 * speaks against it.
 */
export function refreshed(learnt: readonly Edge[], known: readonly Edge[], { run, verdict, pairs }: Outcome, now: Date, gammaPerDay: number): Edge[] {
  const credit = CREDIT / pairs.length
  const edges = new Map(learnt.map((edge) => [keyOf(edge), edge]))
  const move = (edge: Edge, to: (weight: number) => number) => {
    const weight = rounded(to(aged(edge, now, gammaPerDay).weight))
    edges.set(keyOf(edge), { ...edge, weight, evidence_count: edge.evidence_count + 1, source: `outcomes, last of run ${run}`, updated: now.toISOString() })
  }

  for (const pair of pairs) {
    const related = known.filter(({ from, to, kind }) => kind !== 'conflicts_with' && isBetween(pair, from, to))
    const gains = verdict === 'better' ? related : [{ from: pair[0], to: pair[1], kind: 'conflicts_with' as const }]
    for (const { from, to, kind } of gains) {
      const before = edges.get(keyOf({ from, to, kind })) ?? { from, to, kind, weight: 0, evidence_count: 0, source: '', updated: null }
      move(before, (weight) => weight + (1 - weight) * credit)
    }
    for (const edge of edges.values()) {
      const against = (edge.kind === 'conflicts_with') === (verdict === 'better')
      if (against && isBetween(pair, edge.from, edge.to)) move(edge, (weight) => weight * (1 - credit))
    }
  }
  return [...edges.values()].filter(({ weight }) => weight >= FORGOTTEN).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function isBetween([a, b]: Pair, from: string, to: string): boolean {
  return (from === a && to === b) || (from === b && to === a)
}

function keyOf({ from, kind, to }: Pick<Edge, 'from' | 'kind' | 'to'>): string {
  return `${from} ${kind} ${to}`
}
