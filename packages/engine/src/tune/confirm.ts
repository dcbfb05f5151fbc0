import type { Comparison } from '@semantos/core'
import { type Arm, withSettings } from './arm.js'
import type { Bench } from './bench.js'
import { type Block, blocksOf } from './blocks.js'
import type { Candidate } from './candidate.js'
import { type CompareRules, type Standing, look } from './compare.js'
import { effectsOf } from './effects.js'
import { worsened } from './guard-metrics.js'
import { MOST_BLOCKS } from './looks.js'

const UNDECIDED: Standing = { verdict: 'inconclusive', decided: false, pValue: 1, words: 'the budget ended before the first look' }

/** Compares a candidate with the incumbent in blocks until it is decided or the budget ends; or why that could not be. */
export async function confirm(bench: Bench, incumbent: Arm, candidate: Candidate, rules: Omit<CompareRules, 'mostBlocks'>): Promise<Comparison | string> {
  const mostBlocks = Math.min(MOST_BLOCKS, Math.floor(bench.left / 2))
  let standing = UNDECIDED
  const decided = (blocks: readonly Block[]) => {
    standing = look(blocks, { ...rules, mostBlocks }, standing)
    return standing.decided
  }
  const random = bench.cycle.random(`confirm/${candidate.id}`)
  const blocks = await blocksOf(bench, incumbent, withSettings(incumbent, candidate), random, decided)
  if (typeof blocks === 'string') return blocks
  if (blocks.length === 0) return 'the budget ended'
  const guards = worsened(blocks, bench.trials, bench.settings)
  return {
    candidate: candidate.id,
    settings: candidate.settings,
    against: incumbent.settings,
    blocks: blocks.length,
    p_value: standing.pValue,
    effects: effectsOf(blocks, bench.cycle.random(`bootstrap/${candidate.id}`)),
    verdict: standing.verdict,
    words: guards.length > 0 && standing.verdict === 'better' ? `${standing.words}; but ${guards.join(', ')}` : standing.words,
    guards,
    kept: standing.verdict === 'better' && guards.length === 0,
  }
}
