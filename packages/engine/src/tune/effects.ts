import type { Effect, Goal } from '@semantos/core'
import { bootstrapMedians, hodgesLehmannRatio } from '@semantos/stats'
import type { Block } from './blocks.js'
import { goalValue } from './goal.js'

/** Each goal's effect with its two intervals. */
export function effectsOf(blocks: readonly Block[], random: () => number): Record<Goal, Effect> {
  const effect = (goal: Goal): Effect => {
    const before = blocks.map((block) => goalValue(block.before.result, goal))
    const after = blocks.map((block) => goalValue(block.after.result, goal))
    const { ratio, low, high } = hodgesLehmannRatio(before, after)
    const bootstrap = bootstrapMedians(before, after, (a, b) => b / a, { random })
    return { ratio, interval: [low, high], bootstrap: [...bootstrap] }
  }
  return { p50: effect('p50'), p95: effect('p95'), p99: effect('p99'), throughput: effect('throughput') }
}
