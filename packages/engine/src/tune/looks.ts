/** Blocks after which a comparison is looked at; once more after its last. */
const LOOKS = [3, 4, 5, 6, 8, 10] as const

/** Blocks that a comparison takes at most. */
export const MOST_BLOCKS = 16
/** Trials that a comparison needs to come to its first look. */
export const LEAST_FOR_COMPARISON = 2 * LOOKS[0]

/** What one comparison may spend on its looks. */
export interface Spending {
  /** Its chance of a false alarm, all looks together. */
  readonly alpha: number
  /** Blocks that it may take, fixed before its first. */
  readonly mostBlocks: number
}

/** The level of the look after so many blocks: what the spending function adds since the look before. Null between two looks. */
export function levelAt(blocks: number, { alpha, mostBlocks }: Spending): number | null {
  const looks = [...LOOKS.filter((count) => count < mostBlocks), mostBlocks]
  const index = looks.indexOf(blocks)
  return index < 0 ? null : alpha * (spent(blocks / mostBlocks) - spent((looks[index - 1] ?? 0) / mostBlocks))
}

/** The share that is spent when this share of the blocks is done: Pocock's, after Lan and DeMets (1983). */
function spent(done: number): number {
  return Math.log(1 + (Math.E - 1) * done)
}
