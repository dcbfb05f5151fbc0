import type { Goal, Noise, TrialResult, TuneTrial } from '@semantos/core'
import { median, studentCritical } from '@semantos/stats'
import { LEAST_SD_LOG, degreesOf } from './block-noise.js'
import { goalValue } from './goal.js'
import { MOST_COMPARISONS } from './holm.js'
import { MOST_BLOCKS, levelAt } from './looks.js'

/** Effects for which the report says how many blocks they need. */
const EFFECTS_PCT = [5, 10, 20, 50, 100] as const
/** Nobody waits for more. */
const MANY_BLOCKS = 100
/** Two-sided, so that in four of five cases luck is not worse than this. */
const BAD_LUCK = 0.4

interface NoiseRules {
  readonly goal: Goal
  readonly minEffectPct: number
  readonly alpha: number
}

/** The noise floor from trials of one setting. */
export function noiseOf(trials: readonly TrialResult[], { goal, minEffectPct, alpha }: NoiseRules): Noise {
  const differences = differencesOf(trials, goal)
  const pairs = Math.max(1, differences.length)
  const sdLog = Math.max(LEAST_SD_LOG, Math.sqrt(differences.reduce((sum, difference) => sum + difference * difference, 0) / pairs))
  const floorLog = Math.max(apart(trials.map((trial) => Math.log(goalValue(trial, goal)))), Math.log(1 + minEffectPct / 100))
  return {
    pairs: differences.length,
    sd_log: sdLog,
    floor_ratio: Math.exp(floorLog),
    blocks_needed: EFFECTS_PCT.map((effectPct) => ({ effect_pct: effectPct, blocks: blocksFor(Math.log(1 + effectPct / 100), { sdLog, floorLog, pairs, alpha }) })),
  }
}

/** The trials that were made to tell the noise. */
export function identicalOf(trials: readonly TuneTrial[]): TuneTrial[] {
  return trials.filter(({ phase }) => phase === 'noise')
}

/** By how much the second of each pair differs from the first, as logarithms; pairs in the order in which the trials ran. */
export function differencesOf(trials: readonly TrialResult[], goal: Goal): number[] {
  return trials.flatMap((first, index) => {
    const second = trials[index + 1]
    return index % 2 === 0 && second ? [Math.log(goalValue(second, goal) / goalValue(first, goal))] : []
  })
}

/** By how much two identical arms typically differ: the median over all ways to divide the trials into two arms. */
function apart(logs: readonly number[]): number {
  const half = Math.floor(logs.length / 2)
  const total = logs.reduce((sum, value) => sum + value, 0)
  const differences = sumsOf(logs, half).map((sum) => Math.abs(sum / half - (total - sum) / (logs.length - half)))
  return differences.length === 0 ? 0 : median(differences)
}

/** The sum of each choice of `count` of the values. */
function sumsOf(values: readonly number[], count: number): number[] {
  const [first, ...rest] = values
  if (count === 0) return [0]
  if (first === undefined) return []
  return [...sumsOf(rest, count - 1).map((sum) => sum + first), ...sumsOf(rest, count)]
}

/**
 * After how many blocks an effect of this size is called better in four of five comparisons: at the level of that look, in the first of as many comparisons
 * as there may be, and with the interval beyond the floor. Null where it is not, even after many.
 */
function blocksFor(effect: number, { sdLog, floorLog, pairs, alpha }: { readonly sdLog: number; readonly floorLog: number; readonly pairs: number; readonly alpha: number }): number | null {
  if (effect <= floorLog) return null
  for (let blocks = 1; blocks <= MANY_BLOCKS; blocks++) {
    const level = levelAt(blocks, { alpha: alpha / MOST_COMPARISONS, mostBlocks: Math.max(MOST_BLOCKS, blocks) })
    if (level === null) continue
    const degrees = degreesOf(blocks, pairs)
    const error = sdLog / Math.sqrt(blocks)
    const needed = Math.max(studentCritical(level, degrees) * error, floorLog + studentCritical(0.05, degrees) * error)
    if (effect >= needed + studentCritical(BAD_LUCK, degrees) * error) return blocks
  }
  return null
}

/**
 * Even with all the blocks that a comparison may take, a factor of two would not stand out at 5%, to say nothing of the level at which it has to. This
 * errs towards trying: a knob that is set badly costs far more than that.
 */
export function tooNoisy({ sd_log: sdLog, pairs }: Noise): boolean {
  return Math.LN2 * Math.sqrt(MOST_BLOCKS) < studentCritical(0.05, pairs + MOST_BLOCKS - 1) * sdLog
}
