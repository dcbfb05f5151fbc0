import { type Comparison, SemantosError, type TuneReport } from '@semantos/core'
import { type Arm, BASELINE } from './arm.js'
import type { Bench } from './bench.js'
import { blocksOf } from './blocks.js'
import { effectsOf } from './effects.js'
import { LEAST_FOR_COMPARISON } from './looks.js'

/** Everything that was kept against the baseline; null where nothing was, or the budget does not last for it. One that was kept alone has been compared with it. */
export async function finalEffects(bench: Bench, incumbent: Arm, comparisons: readonly Comparison[]): Promise<TuneReport['final']> {
  const [only, ...others] = comparisons.filter(({ kept }) => kept)
  if (!only) return null
  if (others.length === 0) return only.effects
  if (bench.left < LEAST_FOR_COMPARISON) return null
  const blocks = await blocksOf(bench, BASELINE, incumbent, bench.cycle.random('final/order'), ({ length }) => 2 * length >= LEAST_FOR_COMPARISON)
  if (typeof blocks === 'string') throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: `with all that was kept: ${blocks}` })
  return effectsOf(blocks, bench.cycle.random('final'))
}
