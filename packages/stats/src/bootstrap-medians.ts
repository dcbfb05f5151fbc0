import { quantileOfSorted, sorted } from './quantile.js'

/** How a bootstrap is drawn. */
export interface BootstrapOptions {
  /** Uniform numbers in 0..1, seeded. */
  readonly random: () => number
  /** Default 2,000: from seed to seed, the ends of the interval move by some 2% of its width. */
  readonly resamples?: number
  /** Default 0.95. */
  readonly confidence?: number
}

/**
 * A bootstrap percentile interval for a statistic of two medians, such as their ratio or difference (Efron 1979). Percentile and not
 * BCa: the jackknife that BCa needs is inconsistent for a median (Efron 1982, section 3.4).
 *
 * Resampled medians are drawn from their exact distribution and not by drawing n values each time, so 100,000 values cost as
 * much as 16, apart from sorting them once. Both groups need a value.
 */
export function bootstrapMedians(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  statistic: (medianOfA: number, medianOfB: number) => number,
  { random, resamples = 2000, confidence = 0.95 }: BootstrapOptions,
): readonly [low: number, high: number] {
  const [nextOfA, nextOfB] = [resampledMedian(a, random), resampledMedian(b, random)]
  const statistics = Float64Array.from({ length: resamples }, () => statistic(nextOfA(), nextOfB())).sort()
  const outside = (1 - confidence) / 2
  return [quantileOfSorted(statistics, outside), quantileOfSorted(statistics, 1 - outside)]
}

/**
 * Draws the median of a resample of n out of n values with replacement. Such a resample takes value number floor(n·u) for n uniform u,
 * so its median is where the median of n uniforms falls, which follows a beta distribution (of their k-th smallest: Beta(k, n-k+1)).
 */
export function resampledMedian(values: ArrayLike<number>, random: () => number): () => number {
  const ascending = sorted(values)
  const n = ascending.length
  const at = (u: number) => ascending[Math.min(n - 1, Math.floor(n * u))] ?? Number.NaN
  if (n % 2 === 1) return () => at(symmetricBeta((n + 1) / 2, random))

  // The middle of n-1 uniforms, and one more: it falls above the middle or below, and with the n/2-1 there offers the other middle one.
  return () => {
    const middle = symmetricBeta(n / 2, random)
    const extreme = Math.exp(Math.log(1 - random()) / (n / 2))
    const other = random() < middle ? middle * extreme : 1 - (1 - middle) * extreme
    return (at(middle) + at(other)) / 2
  }
}

/** A number from Beta(a, a), a at least 1 (Ulrich 1984), on a point of the unit disc: sine and cosine differ between versions of V8. */
function symmetricBeta(a: number, random: () => number): number {
  for (;;) {
    const x = 2 * random() - 1
    const y = 2 * random() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return 0.5 + (x / 2) * Math.sqrt(-Math.expm1((2 * Math.log(square)) / (2 * a - 1)) / square)
  }
}
