import type { Situation } from '@semantos/core'
import { type Arm, withSettings } from './arm.js'
import type { Bench } from './bench.js'
import { type Candidate, candidateOf, rung } from './candidate.js'
import { lossAgainst } from './goal.js'
import { LEAST_FOR_COMPARISON } from './looks.js'
import { ruledOut } from './ruled-out.js'
import type { Screened } from './screen.js'

/** What one-trial looks at a candidate have in common. */
export interface Ground {
  readonly bench: Bench
  readonly situation: Situation
  readonly incumbent: Arm
  /** Two trials that differ by less are not told apart: it is noise, or less than an effect must clear. */
  readonly tolerance: number
}

/** Rungs that a candidate that helps may climb before it is compared: coarse first, then finer. */
const RUNGS = ['further', 'further', 'halfway'] as const

/** Coarse first: on in the same direction while it helps; then finer: halfway back. One trial a rung, and none twice. */
export async function climb(ground: Ground, start: Screened): Promise<Candidate> {
  const { bench, tolerance } = ground
  let { candidate: best, loss: bestLoss } = start
  const tried = new Set<string>()
  for (const where of RUNGS) {
    const next = rung(best, bench.baseline, bench.cycle.catalogue, where)
    // A comparison needs six trials: they are not spent on rungs.
    if (!next || tried.has(next.id) || bench.left <= LEAST_FOR_COMPARISON) continue
    tried.add(next.id)
    const loss = await lossOf(ground, next, best)
    if (loss !== null && loss < bestLoss - tolerance) [best, bestLoss] = [next, loss]
  }
  return best
}

/** A bundle without the members that it does not need. */
export interface Pruned {
  readonly candidate: Candidate
  readonly needless: readonly Candidate[]
  /** Members of what is left without which no trial was made; none where only one is left. */
  readonly unchecked: number
}

/**
 * Leaves members of a bundle out, one after the other, the least promising first: one without which a trial is no worse, beyond noise, is
 * taken back. This happens before the proof, so that what is proven is what is kept, and only while the budget allows a second comparison.
 */
export async function prune(ground: Ground, bundle: Candidate): Promise<Pruned> {
  const { bench, tolerance } = ground
  const enough = () => bench.left > 2 * LEAST_FOR_COMPARISON
  const nothing = { candidate: bundle, needless: [], unchecked: bundle.settings.length }
  if (bundle.settings.length === 1) return { ...nothing, unchecked: 0 }
  const whole = enough() ? await lossOf(ground, bundle, bundle) : null
  if (whole === null) return nothing

  let candidate = bundle
  const needless: Candidate[] = []
  let checked = 0
  for (const member of bundle.settings.toReversed()) {
    if (!enough() || candidate.settings.length === 1) break
    const without = candidateOf(candidate.settings.filter((setting) => setting !== member), bundle.uncertainty)
    const loss = await lossOf(ground, without, candidate)
    if (loss === null) continue
    checked++
    if (loss > whole + tolerance) continue
    candidate = without
    needless.push(candidateOf([member], bundle.uncertainty))
  }
  return { candidate, needless, unchecked: candidate.settings.length === 1 ? 0 : bundle.settings.length - checked }
}

/** How much worse than the incumbent one trial of it is, negative for better; null where there can be none. `from`: what has been seen to work on the way. */
async function lossOf({ bench, situation, incumbent }: Ground, candidate: Candidate, from: Candidate): Promise<number | null> {
  if ((await ruledOut(bench, situation, incumbent, candidate, from.settings)) !== null) return null
  const trial = await bench.attempt('screen', withSettings(incumbent, candidate))
  if (typeof trial === 'string') return null
  return lossAgainst(bench.trials.filter(({ arm }) => arm === incumbent.id), trial, bench.settings.goal)
}
