import { type Advice, type Edge, type RecommendationDraft, splitRef } from '@semantos/core'

export interface Related {
  readonly recommendations: readonly RecommendationDraft[]
  /** What was left out, and why. */
  readonly advice: readonly Advice[]
}

type Named = Pick<RecommendationDraft, 'knob'>

/**
 * What the graph says of recommendations made together: of two in conflict the surer one stays, what another depends on comes before it, and
 * what is in synergy stands side by side. `standing` are those of earlier reasoners, which stay. Each cites the edges to the others.
 */
export function related(recommendations: readonly RecommendationDraft[], standing: readonly Named[], all: readonly Edge[]): Related {
  const named = new Set([...standing, ...recommendations].map(({ knob }) => splitRef(knob).name))
  const edges = all.filter(({ from, to }) => named.has(from) && named.has(to))
  if (edges.length === 0) return { recommendations, advice: [] }
  const { kept, advice } = withoutConflicts(recommendations, standing, edges)
  const together = [...standing, ...kept]
  const citing = kept.map((one) => {
    const cited = together.flatMap((other) => edgesBetween(one, other, edges)).map(({ from, kind, to }) => `${from} ${kind} ${to}`)
    return cited.length === 0 ? one : { ...one, edges: [...new Set(cited)].slice(0, MOST_CITED) }
  })
  return { recommendations: inOrder(citing, edges), advice }
}

/** What the contract allows. */
const MOST_CITED = 64

/** Two that one rule makes are one remedy: whoever wrote the rule has thought of both. */
function withoutConflicts(recommendations: readonly RecommendationDraft[], standing: readonly Named[], edges: readonly Edge[]): { kept: readonly RecommendationDraft[]; advice: Advice[] } {
  const chosen = new Set<RecommendationDraft>()
  const advice: Advice[] = []
  for (const one of [...recommendations].sort((a, b) => a.uncertainty - b.uncertainty)) {
    const clashes = [...standing, ...[...chosen].filter((other) => !sameRemedy(one, other))].flatMap((other) =>
      edgesBetween(one, other, edges).flatMap((edge) => (edge.kind === 'conflicts_with' ? [{ other, edge }] : [])),
    )
    const [clash] = clashes
    if (clash) advice.push(refusal(one, clash.other, clash.edge))
    else chosen.add(one)
  }
  return { kept: recommendations.filter((one) => chosen.has(one)), advice }
}

function refusal(one: RecommendationDraft, other: Named, { source }: Edge): Advice {
  return {
    symptom: `${one.knob} and ${other.knob} conflict`,
    text: `${one.rationale} It is left out, because it does not go together with ${other.knob}, which stays (${source}).`.slice(0, 2000),
    cues: one.cues ?? [],
  }
}

/** As they stand, but each behind what it depends on, and followed by what it is in synergy with. */
function inOrder(recommendations: readonly RecommendationDraft[], edges: readonly Edge[]): RecommendationDraft[] {
  const placed: RecommendationDraft[] = []
  const entered = new Set<RecommendationDraft>()
  const place = (one: RecommendationDraft): void => {
    if (entered.has(one)) return
    entered.add(one)
    for (const other of recommendations) if (edgesBetween(one, other, edges).some(({ kind, from }) => kind === 'depends_on' && from === splitRef(one.knob).name)) place(other)
    placed.push(one)
    for (const other of recommendations) if (edgesBetween(one, other, edges).some(({ kind }) => kind === 'synergizes_with')) place(other)
  }
  recommendations.forEach(place)
  return placed
}

function edgesBetween(one: Named, other: Named, edges: readonly Edge[]): Edge[] {
  const [a, b] = [splitRef(one.knob).name, splitRef(other.knob).name]
  return a === b ? [] : edges.filter(({ from, to }) => (from === a && to === b) || (from === b && to === a))
}

function sameRemedy(one: RecommendationDraft, other: RecommendationDraft): boolean {
  return (one.rules ?? []).some((rule) => other.rules?.includes(rule))
}
