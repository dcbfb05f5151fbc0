import { type Catalogue, type Edge, type Knob, type KnobRef, splitRef } from '@semantos/core'

const RISKS: readonly Knob['risk'][] = ['low', 'medium', 'high']

/**
 * What others depend on comes first, in a group and between groups; then what is least risky (a group is as risky as its
 * riskiest knob), then the plan's order. Edges that go round in a circle order nothing.
 */
export function inOrder(groups: readonly KnobRef[][], edges: readonly Edge[], catalogue: Catalogue): KnobRef[][] {
  const needs = dependencies(edges)
  const risk = (group: readonly KnobRef[]) => Math.max(...group.map((ref) => RISKS.indexOf(catalogue.get(ref)?.risk ?? 'high')))
  const byRisk = groups.map((group) => prerequisitesFirst(group, needs)).sort((a, b) => risk(a) - risk(b))
  return prerequisitesFirst(byRisk, (group, other) => group.some((ref) => other.some((before) => needs(ref, before))))
}

/** Takes again and again the first item that waits for none of the others; in a circle, simply the first. */
function prerequisitesFirst<T>(items: readonly T[], waitsFor: (item: T, other: T) => boolean): T[] {
  const waiting = [...items]
  const ordered: T[] = []
  while (waiting.length > 0) {
    const free = waiting.findIndex((item) => !waiting.some((other) => other !== item && waitsFor(item, other)))
    ordered.push(...waiting.splice(Math.max(free, 0), 1))
  }
  return ordered
}

/** Does the first knob depend on the second? */
function dependencies(edges: readonly Edge[]): (ref: KnobRef, other: KnobRef) => boolean {
  const depends = new Set(edges.flatMap(({ from, to, kind }) => (kind === 'depends_on' ? [`${from} ${to}`] : [])))
  return (ref, other) => depends.size > 0 && depends.has(`${splitRef(ref).name} ${splitRef(other).name}`)
}
