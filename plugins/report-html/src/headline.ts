import type { Goal, TuneReport } from '@semantos/core'
import { ratioCoverage } from '@semantos/stats'
import { type Text, code } from './document.js'
import { intervalText, pText, ratioText } from './figures.js'
import { settingsText } from './settings-text.js'

/** With fewer blocks than this both intervals are the whole range of the ratios, and hold less than 95%. */
export const BLOCKS_FOR_95 = 4
/** Blocks in which everything that was kept is compared with the baseline, where more than one thing was kept. */
const FINAL_BLOCKS = 3

/** What came of the tune, in words that claim no more than its verdicts do. */
export function headlineOf(report: TuneReport): Text {
  switch (report.outcome) {
    case 'kept':
      return keptLine(report)
    case 'nothing kept':
      return `Nothing was kept: no setting that was compared is proven to be better by more than the noise floor${floorText(report)}. That does not show that no setting would help.`
    case 'measured only':
      return 'Nothing was tried: only the baseline was measured, and no setting was changed. What follows is what would be tried, and why.'
    case 'too noisy':
      return 'Nothing was tried: two identical trials differ so much here that even a factor of two could not be told from noise.'
    case 'interrupted':
      return 'The tune was stopped before its end, and everything was put back. What had been measured until then is below; nothing counts as kept.'
    case 'not healed':
      return ['After the last rollback the kernel was ', { strong: 'not as it had been found' }, `: ${report.heal?.words ?? 'it could not be checked'}. Nothing counts as kept.`]
  }
}

function keptLine(report: TuneReport): Text {
  const { goal, final, kept } = report
  const start = ['Proven to help: ', code(settingsText(kept)), '. '] as const
  if (!final) return [...start, `The budget ended before all of it was compared with the baseline at once; each comparison is below. The noise floor is a factor of ${floorOf(report)}.`]
  const { ratio, interval } = final[goal]
  const blocks = finalBlocks(report)
  const [only, ...others] = report.comparisons.filter((comparison) => comparison.kept)
  const p = only && others.length === 0 ? `, p = ${pText(only.p_value)}` : ''
  return [...start, { strong: `${goal} is ${ratioText(ratio)} of the baseline's` }, `: ${heldPct(blocks)}% interval ${intervalText(interval)}, ${blocks} blocks${p}. The noise floor is a factor of ${floorOf(report)}.`]
}

/** How many blocks stand behind `final`: those of the only comparison that was kept, or a few of their own. */
export function finalBlocks({ comparisons }: TuneReport): number {
  const [only, ...others] = comparisons.filter(({ kept }) => kept)
  return only && others.length === 0 ? only.blocks : FINAL_BLOCKS
}

/** What an interval of so many blocks holds: 95%, or less where even the whole range of the ratios does. */
export function heldPct(blocks: number): number {
  return Math.min(95, Math.round(100 * ratioCoverage(blocks, blocks)))
}

/** What the intervals of comparisons of so many blocks hold: `90% with 3 blocks, 95% with more`. */
export function heldText(blocks: readonly number[]): string {
  const few = [...new Set(blocks)].filter((count) => count < BLOCKS_FOR_95).sort((a, b) => a - b)
  const more = blocks.some((count) => count >= BLOCKS_FOR_95) ? [`95%${few.length > 0 ? ' with more' : ''}`] : []
  return [...few.map((count) => `${heldPct(count)}% with ${count} blocks`), ...more].join(', ')
}

/** Whether an interval lies wholly on the better side of the floor. */
export function clearsFloor(goal: Goal, [low, high]: readonly [number, number], floor: number): boolean {
  return goal === 'throughput' ? low > floor : high < 1 / floor
}

export function floorOf({ noise }: TuneReport): string {
  return noise === null ? 'unknown size' : noise.floor_ratio.toPrecision(4)
}

function floorText(report: TuneReport): string {
  return report.noise === null ? '' : ` (a factor of ${floorOf(report)})`
}
