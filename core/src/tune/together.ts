import type { Catalogue } from '../model/catalogue.js'
import { changedAlong, splitRef } from '../model/knob.js'
import type { Setting } from '../model/tune.js'
import { candidateOf } from './candidate.js'
import type { Screened } from './screen.js'

/** Beyond the floor by so many standard deviations of one trial, an effect is mostly proven in three blocks. */
const PROVABLE_SDS = 2

/**
 * Candidates that each showed a little, as one: effects too small to be proven alone in a few blocks may be proven in sum. Null where
 * the best needs no help, or promises more than the others. As with any other candidate, only a comparison says whether it helps.
 */
export function together(ranked: readonly Screened[], { sdLog, floorLog }: { readonly sdLog: number; readonly floorLog: number }, catalogue: Catalogue): Screened | null {
  const promising: Screened[] = []
  for (const screened of ranked) {
    const { settings } = screened.candidate
    const rivals = promising.some(({ candidate }) => undoes(candidate.settings, settings, catalogue) || undoes(settings, candidate.settings, catalogue))
    if (screened.loss < -sdLog && !rivals) promising.push(screened)
  }
  const [best, ...others] = promising
  const rest = others.reduce((sum, { loss }) => sum + loss, 0)
  if (!best || others.length === 0 || rest > best.loss || best.loss < -(floorLog + PROVABLE_SDS * sdLog)) return null
  const settings = promising.flatMap(({ candidate }) => candidate.settings)
  return { candidate: candidateOf(settings, Math.min(...promising.map(({ candidate }) => candidate.uncertainty))), loss: best.loss + rest }
}

/** Does a write of one change a knob of the other, as the dirty limits in bytes and in percent do? */
function undoes(one: readonly Setting[], other: readonly Setting[], catalogue: Catalogue): boolean {
  const changed = new Set(one.flatMap(({ knob }) => catalogue.get(knob) ?? []).flatMap(changedAlong))
  return other.some(({ knob }) => changed.has(splitRef(knob).name))
}
