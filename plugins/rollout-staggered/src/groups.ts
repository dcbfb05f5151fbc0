import { areRelated, type Catalogue, type Edge, type KnobRef, splitRef } from '@semantos/core'

/** The knobs of the plan in groups that must not be torn apart; knobs and groups keep the plan's order. */
export function groupsOf(refs: readonly KnobRef[], edges: readonly Edge[], catalogue: Catalogue): KnobRef[][] {
  const groupOf = new Map<KnobRef, KnobRef[]>(refs.map((ref) => [ref, [ref]]))
  const join = (a: KnobRef, b: KnobRef) => {
    const [one, other] = [groupOf.get(a), groupOf.get(b)]
    if (!one || !other || one === other) return
    one.push(...other)
    for (const ref of other) groupOf.set(ref, one)
  }
  const related = relations(edges, catalogue)
  for (const [index, a] of refs.entries()) for (const b of refs.slice(index + 1)) if (sameDevice(a, b) && related(a, b)) join(a, b)
  const place = new Map(refs.map((ref, index) => [ref, index]))
  return [...new Set(groupOf.values())].map((group) => group.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)))
}

/** Related: by the catalogue, or by an edge of the graph. */
function relations(edges: readonly Edge[], catalogue: Catalogue): (a: KnobRef, b: KnobRef) => boolean {
  const linked = new Set(edges.flatMap(({ from, to, kind }) => (kind === 'conflicts_with' ? [] : [`${from} ${to}`, `${to} ${from}`])))
  return (a, b) => {
    const [one, other] = [splitRef(a).name, splitRef(b).name]
    if (linked.has(`${one} ${other}`)) return true
    const [knob, partner] = [catalogue.get(one), catalogue.get(other)]
    return knob !== undefined && partner !== undefined && areRelated(knob, partner)
  }
}

/** The knobs of two disks have nothing to do with each other; a knob of the whole host goes with those of every disk. */
function sameDevice(a: KnobRef, b: KnobRef): boolean {
  const [one, other] = [splitRef(a).device, splitRef(b).device]
  return one === null || other === null || one === other
}
