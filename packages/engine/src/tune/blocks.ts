import type { TuneTrial } from '@semantos/core'
import type { Arm } from './arm.js'
import type { Bench } from './bench.js'

/** A trial of each of two arms, made next to each other in random order, so that drift favours none. */
export interface Block {
  readonly before: TuneTrial
  readonly after: TuneTrial
}

/** Blocks of two arms until they are enough or the budget ends; or why the second has no trial. */
export async function blocksOf(bench: Bench, before: Arm, after: Arm, random: () => number, enough: (blocks: readonly Block[]) => boolean): Promise<readonly Block[] | string> {
  const blocks: Block[] = []
  while (!enough(blocks) && bench.left >= 2) {
    const first = random() < 0.5 ? await bench.trial('confirm', before) : null
    const trial = await bench.attempt('confirm', after)
    if (typeof trial === 'string') return trial
    blocks.push({ before: first ?? (await bench.trial('confirm', before)), after: trial })
  }
  return blocks
}
