import { type Catalogue, changedAlong, type Setting, splitRef } from '@semantos/core'
import { candidateOf } from './candidate.js'
import type { Screened } from './screen.js'

/** Beyond the floor by so many standard deviations of one trial, an effect is mostly proven in three blocks. */
const PROVABLE_SDS = 2
/** Where the others promise less than this share of the best, they are left out: next to it they are mostly noise. */
const LEAST_SHARE = 0.25

interface Means {
  readonly sdLog: number
  readonly floorLog: number
  /** Comparisons that the budget allows. */
  readonly affordable: number
}

/**
 * Candidates that each showed a little, as one: effects too small to be proven alone in a few blocks may be proven in sum, and so may those for whose
 * proof one by one the budget does not last. Null where the best needs no help, or dwarfs the others. As with any other candidate, only a comparison
 * says whether it helps.
 */
export function together(ranked: readonly Screened[], { sdLog, floorLog, affordable }: Means, catalogue: Catalogue): Screened | null {
  const promising = compatible(ranked.filter(({ loss }) => loss < -sdLog), catalogue)
  if (promising.length > affordable) return joined(promising, LEAST_SHARE)
  const provable = promising[0] !== undefined && promising[0].loss < -(floorLog + PROVABLE_SDS * sdLog)
  return provable ? null : joined(promising, 1)
}

/** Without what a write of a better one would change, or what would change a better one. */
function compatible(ranked: readonly Screened[], catalogue: Catalogue): Screened[] {
  const chosen: Screened[] = []
  for (const screened of ranked) {
    const { settings } = screened.candidate
    const rivals = chosen.some(({ candidate }) => undoes(candidate.settings, settings, catalogue) || undoes(settings, candidate.settings, catalogue))
    if (!rivals) chosen.push(screened)
  }
  return chosen
}

/** All as one; null where the others together promise less than this share of the best. */
function joined(members: readonly Screened[], leastShare: number): Screened | null {
  const [best, ...others] = members
  const rest = others.reduce((sum, { loss }) => sum + loss, 0)
  if (!best || others.length === 0 || rest > leastShare * best.loss) return null
  const settings = members.flatMap(({ candidate }) => candidate.settings)
  return { candidate: candidateOf(settings, Math.min(...members.map(({ candidate }) => candidate.uncertainty))), loss: best.loss + rest }
}

/** Does a write of one change a knob of the other, as the dirty limits in bytes and in percent do? */
function undoes(one: readonly Setting[], other: readonly Setting[], catalogue: Catalogue): boolean {
  const changed = new Set(one.flatMap(({ knob }) => catalogue.get(knob) ?? []).flatMap(changedAlong))
  return other.some(({ knob }) => changed.has(splitRef(knob).name))
}
