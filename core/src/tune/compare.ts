import type { TrialResult } from '../model/evaluation.js'
import type { Effect, Goal, TuneVerdict } from '../model/tune.js'
import { bootstrapMedians, hodgesLehmannRatio, normalUpperTail, studentCritical, studentTwoSided } from '../stats/index.js'
import { direction, goalValue } from './goal.js'

/** One block: baseline and candidate, in random order. */
export interface Block {
  readonly before: TrialResult
  readonly after: TrialResult
}

export interface Standing {
  readonly verdict: TuneVerdict
  /** True where more blocks would not change the verdict. */
  readonly decided: boolean
  readonly pValue: number
  readonly words: string
}

export interface CompareRules {
  readonly goal: Goal
  /** Differences of identical pairs, from the noise phase: they tell the noise before the first block. */
  readonly noise: readonly number[]
  /** Logarithm of the ratio that an effect must clear. */
  readonly floorLog: number
  /** Share of the false-alarm budget for this comparison. */
  readonly alpha: number
  /** Blocks that this comparison may take, fixed before its first. */
  readonly mostBlocks: number
}

/** Looks are taken after these many blocks, and after the last. */
const LOOKS = [3, 4, 5, 6, 8, 10]
/** A comparison that ends with "better" less often than this is not worth its trials. */
const LEAST_CHANCE = 0.1

/**
 * A look at a comparison; between two looks the earlier one stands. The test is a paired t on the logarithms, its variance pooled with that of the identical pairs; the level of
 * each look is what Pocock's spending function (Lan and DeMets 1983) adds since the look before. A p value alone decides nothing: the
 * Hodges-Lehmann interval must clear the floor as well.
 */
export function look(blocks: readonly Block[], rules: CompareRules, earlier: Standing): Standing {
  const looks = [...LOOKS.filter((count) => count < rules.mostBlocks), rules.mostBlocks]
  const index = looks.indexOf(blocks.length)
  if (index < 0) return earlier
  const sign = direction(rules.goal)
  const losses = blocks.map(({ before, after }) => sign * Math.log(goalValue(after, rules.goal) / goalValue(before, rules.goal)))
  const mean = losses.reduce((sum, value) => sum + value, 0) / losses.length
  const degrees = rules.noise.length + losses.length - 1
  const squares = rules.noise.reduce((sum, value) => sum + value * value, 0) + losses.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const sd = Math.sqrt(squares / degrees)
  const error = sd / Math.sqrt(losses.length)
  const pValue = error === 0 ? (mean === 0 ? 1 : 0) : studentTwoSided(mean / error, degrees)

  const level = spent(blocks.length, rules) - spent(looks[index - 1] ?? 0, rules)
  const { low, high } = losslog(blocks, rules.goal)
  if (pValue <= level && high < -rules.floorLog) return { verdict: 'better', decided: true, pValue, words: `${percent(mean, rules.goal)}, p = ${pValue.toPrecision(2)}` }
  if (pValue <= level && low > rules.floorLog) return { verdict: 'worse', decided: true, pValue, words: `${percent(mean, rules.goal)}, p = ${pValue.toPrecision(2)}` }

  const last = blocks.length === rules.mostBlocks
  const hopeless = chanceOfBetter(mean, sd, blocks.length, rules) < LEAST_CHANCE
  const reach = studentCritical(0.05, degrees) * error
  const bound = Math.max(Math.abs(mean - reach), Math.abs(mean + reach))
  if (hopeless) return { verdict: 'no difference', decided: true, pValue, words: `no difference larger than ${((Math.exp(bound) - 1) * 100).toFixed(1)}%` }
  return { verdict: 'not enough evidence', decided: last, pValue, words: `${blocks.length} blocks do not tell` }
}

/** Pocock-type spending: alpha ln(1 + (e - 1) t) at the share t of all blocks. */
function spent(blocks: number, { alpha, mostBlocks }: CompareRules): number {
  return alpha * Math.log(1 + ((Math.E - 1) * blocks) / mostBlocks)
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
function losslog(blocks: readonly Block[], goal: Goal): { low: number; high: number } {
  const { low, high } = hodgesLehmannRatio(blocks.map(({ before }) => goalValue(before, goal)), blocks.map(({ after }) => goalValue(after, goal)))
  const ends = [direction(goal) * Math.log(low), direction(goal) * Math.log(high)]
  return { low: Math.min(...ends), high: Math.max(...ends) }
}

/** Each goal's effect with its two intervals. */
export function effectsOf(blocks: readonly Block[], random: () => number): Record<Goal, Effect> {
  const effect = (goal: Goal): Effect => {
    const before = blocks.map((block) => goalValue(block.before, goal))
    const after = blocks.map((block) => goalValue(block.after, goal))
    const { ratio, low, high } = hodgesLehmannRatio(before, after)
    const bootstrap = bootstrapMedians(before, after, (a, b) => b / a, { random })
    return { ratio, interval: [low, high], bootstrap: [...bootstrap] }
  }
  return { p50: effect('p50'), p95: effect('p95'), p99: effect('p99'), throughput: effect('throughput') }
}

function percent(lossLog: number, goal: Goal): string {
  const ratio = Math.exp(direction(goal) * lossLog)
  return ratio >= 2 || ratio <= 0.5 ? `${goal} x${ratio.toPrecision(3)}` : `${goal} ${((ratio - 1) * 100).toFixed(1)}%`
}
