import type { Situation, Skipped, TuneTrial } from '@semantos/core'
import { shuffled } from '@semantos/core/kernel'
import { type Arm, withSettings } from './arm.js'
import type { Bench } from './bench.js'
import type { Candidate } from './candidate.js'
import { lossAgainst } from './goal.js'
import { LEAST_FOR_COMPARISON } from './looks.js'
import { ruledOut } from './ruled-out.js'

/** A candidate with how much worse one trial of it was than the baseline: the logarithm, negative for better. */
export interface Screened {
  readonly candidate: Candidate
  readonly loss: number
}

/** A baseline trial between this many candidates, so that drift is seen. */
const CANDIDATES_PER_BASELINE = 4

/** Candidates that one more trial may put in another order. */
const MOST_AGAIN = 3

const OVER = 'the budget does not last for it'

/** Candidates on top of the incumbent, best first. It only ranks: what is kept is compared afresh. The trials of one comparison are not spent here, where there are as many. */
export async function screen(bench: Bench, situation: Situation, incumbent: Arm, candidates: readonly Candidate[], sdLog: number, random: () => number): Promise<{ ranked: Screened[]; skipped: Skipped[] }> {
  const ranked: Screened[] = []
  const skipped: Skipped[] = []
  const baselines = bench.trials.filter(({ arm }) => arm === incumbent.id)
  const reserved = bench.left > LEAST_FOR_COMPARISON ? LEAST_FOR_COMPARISON : 0
  const tryOne = async (candidate: Candidate) => {
    const screened = bench.left > reserved ? await screenOne(bench, situation, incumbent, candidate, baselines) : OVER
    const since = bench.trials.toReversed().findIndex(({ arm }) => arm === incumbent.id)
    if (since >= CANDIDATES_PER_BASELINE && bench.left > reserved) baselines.push(await bench.trial('screen', incumbent))
    return screened
  }
  for (const candidate of inOrder(candidates, bench.left, random)) {
    const screened = await tryOne(candidate)
    if (typeof screened === 'string') skipped.push({ candidate: candidate.id, settings: candidate.settings, reason: screened })
    else ranked.push(screened)
  }
  const again = inDoubt(ranked.sort(bestFirst), sdLog)
  if (again.length > 1 && bench.left >= again.length + LEAST_FOR_COMPARISON) {
    for (const first of again) {
      const second = await tryOne(first.candidate)
      if (typeof second !== 'string') ranked[ranked.indexOf(first)] = { ...first, loss: (first.loss + second.loss) / 2 }
    }
  }
  return { ranked: ranked.sort(bestFirst), skipped }
}

/** The first, and those so near to it that noise may have put them behind it. */
function inDoubt(ranked: readonly Screened[], sdLog: number): Screened[] {
  const best = ranked[0]?.loss ?? 0
  return ranked.slice(0, MOST_AGAIN).filter(({ loss }) => loss <= sdLog && loss - best < 2 * sdLog)
}

function bestFirst(a: Screened, b: Screened): number {
  return a.loss - b.loss
}

/** One candidate, or why it is not ranked. */
async function screenOne(bench: Bench, situation: Situation, incumbent: Arm, candidate: Candidate, baselines: readonly TuneTrial[]): Promise<Screened | string> {
  const refused = await ruledOut(bench, situation, incumbent, candidate)
  if (refused !== null) return refused
  const trial = await bench.attempt('screen', withSettings(incumbent, candidate))
  if (typeof trial === 'string') return trial
  return unseenBy(trial, candidate, bench) ?? { candidate, loss: lossAgainst(baselines, trial, bench.settings.goal) }
}

function unseenBy(trial: TuneTrial, candidate: Candidate, bench: Bench): string | null {
  const blind = candidate.settings.filter(({ knob }) => {
    const entry = bench.cycle.catalogue.get(knob)
    return entry && trial.result.unseen.includes(entry.takes_effect)
  })
  if (blind.length === 0) return null
  return `this workload cannot see ${blind.map(({ knob }) => `${knob} (takes effect at ${bench.cycle.catalogue.get(knob)?.takes_effect ?? 'once'})`).join(', ')}; if each trial makes that anew, the workload has to say so`
}

/** In random order, so that drift favours none; the surest first where the budget does not last for all. */
function inOrder(candidates: readonly Candidate[], left: number, random: () => number): readonly Candidate[] {
  const looks = candidates.length + Math.floor(candidates.length / CANDIDATES_PER_BASELINE)
  return looks <= left - LEAST_FOR_COMPARISON ? shuffled(candidates, random) : candidates
}
