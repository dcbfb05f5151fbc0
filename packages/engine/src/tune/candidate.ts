import { type Catalogue, type Evidence, formatValue, type Knob, type KnobRef, type KnobValue, type Plan, type Recommendation, sameValue, type Setting } from '@semantos/core'

/** One or more settings tried together. */
export interface Candidate {
  readonly id: string
  readonly settings: readonly Setting[]
  readonly uncertainty: number
}

export function candidateOf(settings: readonly Setting[], uncertainty: number): Candidate {
  return { id: settings.map(({ knob, value }) => `${knob}=${formatValue(value)}`).join(' '), settings, uncertainty }
}

/**
 * The plan as candidates: recommendations of one rule, or joined by a synergy or dependency edge, are tried as a bundle, since
 * alone they may show nothing. What already stands so is no candidate.
 */
export function candidatesOf(plan: Plan, evidence: Evidence, current: ReadonlyMap<KnobRef, KnobValue>): Candidate[] {
  const open = plan.recommendations.filter(({ knob, value }) => {
    const now = current.get(knob)
    return now !== undefined && !sameValue(now, value)
  })
  const bundles: Recommendation[][] = []
  for (const recommendation of open) {
    const joined = bundles.filter((bundle) => bundle.some((member) => belongTogether(member, recommendation, evidence)))
    for (const bundle of joined) bundles.splice(bundles.indexOf(bundle), 1)
    bundles.push([...joined.flat(), recommendation])
  }
  return bundles
    .map((bundle) => candidateOf(bundle.map(({ knob, value }) => ({ knob, value })), Math.min(...bundle.map(({ uncertainty }) => uncertainty))))
    .sort((a, b) => a.uncertainty - b.uncertainty)
}

function belongTogether(a: Recommendation, b: Recommendation, evidence: Evidence): boolean {
  if (a.rules.some((rule) => b.rules.includes(rule))) return true
  return evidence.edges.some(({ from, to, kind }) => kind !== 'conflicts_with' && ((from === a.knob && to === b.knob) || (from === b.knob && to === a.knob)))
}

/**
 * The next rung for a candidate that helped: `further` in the direction it went, or `halfway` back to where it came from. Null at the
 * end of the catalogue's search range, and for knobs without one.
 */
export function rung(candidate: Candidate, current: ReadonlyMap<KnobRef, KnobValue>, catalogue: Catalogue, where: 'further' | 'halfway'): Candidate | null {
  const settings = candidate.settings.map(({ knob, value }) => {
    const entry = catalogue.get(knob)
    const from = current.get(knob)
    const next = entry && typeof value === 'number' && typeof from === 'number' ? rungValue(entry, from, value, where) : null
    return { knob, value: next ?? value }
  })
  const moved = settings.some(({ value }, index) => !sameValue(value, candidate.settings[index]?.value ?? value))
  return moved ? candidateOf(settings, candidate.uncertainty) : null
}

/** A factor of 8 a rung on a logarithmic scale: coarse first; halfway is the geometric mean. */
export const COARSE_FACTOR = 8

function rungValue({ type }: Knob, from: number, to: number, where: 'further' | 'halfway'): number | null {
  if (type.kind !== 'integer' || !type.search) return null
  const { min, max, step, scale } = type.search
  const clamped = (value: number) => Math.min(max, Math.max(min, value))
  // A special value, such as 0 for "no limit", is neither above nor below: it counts as the far end.
  const start = !type.special.some(({ value }) => value === from) ? clamped(from) : to < (min + max) / 2 ? max : min
  if (scale === 'log2') {
    if (where === 'halfway') return powerOfTwoTimes(to, Math.sqrt(Math.max(start, 1) * to))
    return clamped(to < start ? Math.round(to / COARSE_FACTOR) : to * COARSE_FACTOR)
  }
  const towards = where === 'halfway' ? (start + to) / 2 : to + (to - start)
  return clamped(min + Math.round((towards - min) / step) * step)
}

/** The value nearest to `wanted` that is `value` times a power of two. */
function powerOfTwoTimes(value: number, wanted: number): number {
  return Math.max(1, Math.round(value * 2 ** Math.round(Math.log2(wanted / value))))
}
