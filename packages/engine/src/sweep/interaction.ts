import { quantileOfSorted } from '@semantos/stats'

const RESAMPLES = 9999

/** What one pair of knobs does together beyond the sum of each alone. */
export interface Interaction {
  /** Mean over the rounds, in the unit of the goal; below 0 together they are faster than the sum of both. */
  readonly mean: number
  readonly interval: readonly [number, number]
  /** One-sided: that the interaction is no larger than the floor, in the direction it was seen. */
  readonly pValue: number
}

/** The four p95 of one round. */
export interface Round {
  readonly neither: number
  readonly first: number
  readonly second: number
  readonly both: number
}

/**
 * Joint effect minus the sum of single effects, round by round, so that what a round has in common drops out; mean with a seeded
 * bootstrap (Efron 1979) over rounds. A bootstrap of few rounds is too sure of itself, so p is never below that of all signs agreeing
 * by chance, 2^-n.
 */
export function interactionOf(rounds: readonly Round[], floor: number, random: () => number): Interaction {
  const values = rounds.map(({ neither, first, second, both }) => both - first - second + neither)
  const mean = meanOf(values)
  const means = Float64Array.from({ length: RESAMPLES }, () => meanOf(values.map(() => values[Math.floor(random() * values.length)] ?? 0))).sort()
  const below = means.filter((value) => Math.sign(mean) * value <= floor).length
  return {
    mean,
    interval: [quantileOfSorted(means, 0.025), quantileOfSorted(means, 0.975)],
    pValue: Math.max((below + 1) / (RESAMPLES + 1), 2 ** -values.length),
  }
}

/** Holm's step-down (1979): p values adjusted so that the chance of a single false one among all of them is kept. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
  const adjusted = pValues.map(() => 1)
  let largest = 0
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues[index] ?? 1) * (pValues.length - rank)))
    adjusted[index] = largest
  }
  return adjusted
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
