/**
 * Trials that agree more closely than this were cut off alike, by a time-out or the step of a histogram: they do not show that there is no noise.
 * A third of the smallest effect that a tune keeps by default, and half of what the quietest of the shipped experiments on real kernels showed.
 */
export const LEAST_SD_LOG = 0.01

/** Blocks that spread so many times as widely as identical pairs are of another noise than theirs. */
const CLEARLY_WIDER = 2

/** The noise of one block, and the degrees of freedom of what tells it. */
export interface BlockNoise {
  readonly sd: number
  readonly degrees: number
}

/**
 * What the differences in blocks spread by, told from the identical pairs as well, since a few blocks alone tell it badly. Those pairs are left out where they cannot speak
 * for the blocks: cut off alike, or clearly less noisy. They never count for more than the blocks do, and never make them look quieter than they are by themselves:
 * so false alarms keep to their level also where a candidate is noisier than the baseline (a test simulates it).
 */
export function blockNoise(differences: readonly number[], identical: readonly number[]): BlockNoise {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
  const own = { squares: sumOfSquares(differences.map((value) => value - mean)), degrees: differences.length - 1 }
  const ownSd = own.degrees === 0 ? 0 : Math.sqrt(own.squares / own.degrees)
  const identicalSd = identical.length === 0 ? 0 : Math.sqrt(sumOfSquares(identical) / identical.length)
  const alone = own.degrees > 0 && (identicalSd < LEAST_SD_LOG || ownSd > CLEARLY_WIDER * identicalSd)
  if (alone) return { sd: Math.max(ownSd, LEAST_SD_LOG), degrees: own.degrees }
  const degrees = degreesOf(differences.length, identical.length)
  const pooled = own.squares + (degrees - own.degrees) * identicalSd ** 2
  return { sd: Math.max(Math.sqrt(pooled / degrees), ownSd, LEAST_SD_LOG), degrees }
}

/** Degrees of freedom of so many blocks and identical pairs together. */
export function degreesOf(blocks: number, pairs: number): number {
  return blocks - 1 + Math.min(pairs, Math.max(1, blocks - 1))
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0)
}
