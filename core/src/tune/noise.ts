import type { TrialResult } from '../model/evaluation.js'
import type { Goal, Noise } from '../model/tune.js'
import { median, studentCritical } from '../stats/index.js'
import { goalValue } from './goal.js'

/** Effects for which the report says how many blocks they need. */
const EFFECTS_PCT = [5, 10, 20, 50, 100] as const
/** More blocks than this for a factor of two means: this machine cannot tell. A knob that is set badly costs far more than that. */
export const MOST_BLOCKS = 16

/** The noise floor from trials of one setting, taken as pairs in the order in which they ran. */
export function noiseOf(trials: readonly TrialResult[], goal: Goal, minEffectPct: number): Noise & { readonly differences: readonly number[] } {
  const logs = trials.map((trial) => Math.log(goalValue(trial, goal)))
  const differences: number[] = []
  for (let index = 0; index + 1 < logs.length; index += 2) differences.push((logs[index + 1] ?? 0) - (logs[index] ?? 0))
  const pairs = Math.max(1, differences.length)
  const sdLog = Math.sqrt(differences.reduce((sum, difference) => sum + difference * difference, 0) / pairs)
  return {
    differences,
    pairs: differences.length,
    sd_log: sdLog,
    floor_ratio: Math.exp(Math.max(apart(logs), Math.log(1 + minEffectPct / 100))),
    blocks_needed: EFFECTS_PCT.map((effectPct) => ({ effect_pct: effectPct, blocks: blocksFor(Math.log(1 + effectPct / 100), sdLog, pairs) })),
  }
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

/** Blocks until a difference of this size is significant at 5% in half of all tunes. */
function blocksFor(effect: number, sdLog: number, pairs: number): number {
  for (let blocks = 3; blocks < 1000; blocks++) {
    if (effect * Math.sqrt(blocks) >= studentCritical(0.05, pairs + blocks - 1) * sdLog) return blocks
  }
  return 1000
}

/** Even a factor of two could not be seen with all the blocks that a comparison may take. */
export function tooNoisy(noise: Noise): boolean {
  return (noise.blocks_needed.find(({ effect_pct: effect }) => effect === 100)?.blocks ?? 0) > MOST_BLOCKS
}
