import { LEAST_SD_LOG } from './noise.js'

/** Blocks that spread so many times as widely as identical pairs are of another noise than theirs. */
const CLEARLY_WIDER = 2

/** The noise of one block, and the degrees of freedom of what tells it. */
export interface BlockNoise {
  readonly sd: number
  readonly degrees: number
}

/**
 * What the differences in blocks spread by, told from the identical pairs as well, since a few blocks alone tell it badly. Those pairs are left out where they cannot speak
 * for the blocks: cut off alike, or clearly less noisy. They never make the blocks look quieter than they are by themselves.
 */
export function blockNoise(differences: readonly number[], identical: readonly number[]): BlockNoise {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
  const own = { squares: sumOfSquares(differences.map((value) => value - mean)), degrees: differences.length - 1 }
  const ownSd = own.degrees === 0 ? 0 : Math.sqrt(own.squares / own.degrees)
  const identicalSd = identical.length === 0 ? 0 : Math.sqrt(sumOfSquares(identical) / identical.length)
  const alone = own.degrees > 0 && (identicalSd < LEAST_SD_LOG || ownSd > CLEARLY_WIDER * identicalSd)
  if (alone) return { sd: Math.max(ownSd, LEAST_SD_LOG), degrees: own.degrees }
  const degrees = own.degrees + identical.length
  return { sd: Math.max(Math.sqrt((own.squares + sumOfSquares(identical)) / degrees), ownSd, LEAST_SD_LOG), degrees }
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0)
}
