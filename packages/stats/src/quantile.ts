/**
 * The p-quantile (0..1) of values in ascending order, interpolated linearly between neighbours: type 7 of Hyndman and Fan
 * (1996), numpy's default. NaN for no values.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN
  const share = position - below
  // Interpolated from the nearer end, as numpy does, so that the last bit agrees too.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share)
}

/** The p-quantile (0..1) of values in any order. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(sorted(values), p)
}

/** The middle value, or the mean of the two middle values. NaN for no values. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** A copy in ascending order. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort()
}
