import type { Comparison } from '@semantos/core'

/** Candidates that may be compared. */
export const MOST_COMPARISONS = 3

/** Holm over the comparisons, as they come: each that found a difference leaves its share of the false-alarm budget to the later ones. */
export function shareOf(alpha: number, comparisons: number, earlier: readonly Pick<Comparison, 'verdict'>[]): number {
  const found = earlier.filter(({ verdict }) => verdict === 'better' || verdict === 'worse').length
  return alpha / (comparisons - found)
}
