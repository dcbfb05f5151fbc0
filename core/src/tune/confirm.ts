import type { Comparison, TuneTrial } from '../model/tune.js'
import type { Arm, Bench } from './bench.js'
import type { Candidate } from './candidate.js'
import { type Block, type CompareRules, type Standing, effectsOf, look } from './compare.js'
import { worsened } from './guard-metrics.js'
import { MOST_BLOCKS } from './noise.js'
import { withSettings } from './screen.js'

const UNDECIDED: Standing = { verdict: 'not enough evidence', decided: false, pValue: 1, words: 'the budget ended before the first look' }

/**
 * Compares a candidate with the incumbent in interleaved blocks, each in random order, until it is decided or the budget ends.
 * Where a trial of the candidate fails, the comparison ends with the reason.
 */
export async function confirm(bench: Bench, incumbent: Arm, candidate: Candidate, rules: Omit<CompareRules, 'mostBlocks'>, random: () => number): Promise<Comparison | string> {
  const arm = withSettings(incumbent, candidate)
  const before: TuneTrial[] = []
  const after: TuneTrial[] = []
  const mostBlocks = Math.min(MOST_BLOCKS, Math.floor(bench.left / 2))
  let standing = UNDECIDED
  while (!standing.decided && bench.left >= 2) {
    const incumbentFirst = random() < 0.5
    if (incumbentFirst) before.push(await bench.trial('confirm', incumbent))
    const trial = await bench.attempt('confirm', arm)
    if (typeof trial === 'string') return trial
    after.push(trial)
    if (!incumbentFirst) before.push(await bench.trial('confirm', incumbent))
    standing = look(blocksOf(before, after), { ...rules, mostBlocks }, standing)
  }
  const guards = worsened(before, after, bench.settings.guardTolerancePct, bench.settings.slo)
  return {
    candidate: candidate.id,
    settings: candidate.settings,
    against: incumbent.settings,
    blocks: before.length,
    p_value: standing.pValue,
    effects: effectsOf(blocksOf(before, after), bench.cycle.random(`bootstrap/${candidate.id}`)),
    verdict: standing.verdict,
    words: guards.length > 0 && standing.verdict === 'better' ? `${standing.words}; but ${guards.join(', ')}` : standing.words,
    guards,
    kept: standing.verdict === 'better' && guards.length === 0,
  }
}

export function blocksOf(before: readonly TuneTrial[], after: readonly TuneTrial[]): Block[] {
  return before.flatMap((trial, index) => {
    const other = after[index]
    return other ? [{ before: trial.result, after: other.result }] : []
  })
}
