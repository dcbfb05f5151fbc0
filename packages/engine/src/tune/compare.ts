import type { Goal, TuneVerdict } from '@semantos/core'
import { hodgesLehmannRatio, normalUpperTail, studentCritical, studentTwoSided } from '@semantos/stats'
import { blockNoise } from './block-noise.js'
import type { Block } from './blocks.js'
import { direction, goalValue } from './goal.js'
import { type Spending, levelAt } from './looks.js'

export interface Standing {
  readonly verdict: TuneVerdict
  /** True where more blocks would not change the verdict. */
  readonly decided: boolean
  readonly pValue: number
  readonly words: string
}

export interface CompareRules extends Spending {
  readonly goal: Goal
  /** Differences of identical pairs, from the noise phase: they tell the noise before the first block. */
  readonly identical: readonly number[]
  /** Logarithm of the ratio that an effect must clear. */
  readonly floorLog: number
}

/** A comparison that ends with "better" less often than this is not worth its trials. */
const LEAST_CHANCE = 0.1
/** Of what a verdict leaves possible: so often it leaves out the truth, all looks of one comparison together. */
const OUTSIDE = 0.05

/**
 * A look at a comparison; between two looks the earlier one stands. The test is a paired t on the logarithms; the level of each look is
 * what the spending function adds since the look before. A p value alone decides nothing: the Hodges-Lehmann interval must clear the floor as well.
 */
export function look(blocks: readonly Block[], rules: CompareRules, earlier: Standing): Standing {
  const level = levelAt(blocks.length, rules)
  if (level === null) return earlier
  const { goal, floorLog, mostBlocks } = rules
  const losses = blocks.map(({ before, after }) => direction(goal) * Math.log(goalValue(after.result, goal) / goalValue(before.result, goal)))
  const mean = losses.reduce((sum, value) => sum + value, 0) / losses.length
  const { sd, degrees } = blockNoise(losses, rules.identical)
  const error = sd / Math.sqrt(losses.length)
  const pValue = studentTwoSided(mean / error, degrees)
  const { low, high } = lossInterval(blocks, goal)
  const significant = pValue <= level
  if (significant && high < -floorLog) return { verdict: 'better', decided: true, pValue, words: `${percent(mean, goal)}, p = ${pValue.toPrecision(2)}` }
  if (significant && low > floorLog) return { verdict: 'worse', decided: true, pValue, words: `${percent(mean, goal)}, p = ${pValue.toPrecision(2)}` }

  const last = blocks.length === mostBlocks
  const hopeless = chanceOfBetter(mean, sd, blocks.length, rules) < LEAST_CHANCE
  if (!last && !hopeless) return { verdict: 'inconclusive', decided: false, pValue, words: `${blocks.length} blocks do not tell` }
  // What each of the two intervals leaves possible, so that what is shown beside the verdict does not speak against it.
  const reach = studentCritical(levelAt(blocks.length, { alpha: OUTSIDE, mostBlocks }) ?? OUTSIDE, degrees) * error
  const [best, worst] = [Math.min(low, mean - reach), Math.max(high, mean + reach)]
  const widest = Math.max(-best, worst)
  if (widest <= floorLog) return { verdict: 'no difference', decided: true, pValue, words: `no difference larger than ${((Math.exp(widest) - 1) * 100).toFixed(1)}%` }
  return { verdict: 'inconclusive', decided: true, pValue, words: hopeless ? noImprovement(best, goal) : `${blocks.length} blocks do not tell` }
}

/**
 * Predictive power (Spiegelhalter, Freedman and Blackburn 1986): given the blocks so far, how likely is it that after the last one the
 * mean lies two of its standard errors beyond the floor? Stopping for want of hope can only lose a "better", never make one.
 */
function chanceOfBetter(mean: number, sd: number, blocks: number, { floorLog, mostBlocks }: CompareRules): number {
  const wanted = -floorLog - (2 * sd) / Math.sqrt(mostBlocks)
  const spread = sd * Math.sqrt((mostBlocks - blocks) / (blocks * mostBlocks))
  if (spread === 0) return mean < wanted ? 1 : 0
  return normalUpperTail((mean - wanted) / spread)
}

/** The Hodges-Lehmann interval as a loss: positive is worse. */
function lossInterval(blocks: readonly Block[], goal: Goal): { low: number; high: number } {
  const { low, high } = hodgesLehmannRatio(blocks.map(({ before }) => goalValue(before.result, goal)), blocks.map(({ after }) => goalValue(after.result, goal)))
  const ends = [direction(goal) * Math.log(low), direction(goal) * Math.log(high)]
  return { low: Math.min(...ends), high: Math.max(...ends) }
}

function percent(lossLog: number, goal: Goal): string {
  const ratio = Math.exp(direction(goal) * lossLog)
  return ratio >= 2 || ratio <= 0.5 ? `${goal} x${ratio.toPrecision(3)}` : `${goal} ${((ratio - 1) * 100).toFixed(1)}%`
}

/** What is left of hope where the interval ends at this loss. */
function noImprovement(best: number, goal: Goal): string {
  return best < 0 ? `no improvement larger than ${(Math.abs(Math.exp(direction(goal) * best) - 1) * 100).toFixed(1)}%` : 'no improvement'
}
