import { countsOfU, orders } from './mann-whitney.js'
import { sorted } from './quantile.js'

const EXACT_PAIRS = 1000
const NORMAL_975 = 1.959963984540054
/** Of the logarithm: far below anything that can be measured. */
const PRECISION = 1e-12

/** A factor with its interval, from `low` to `high`: `ratioCoverage` says what that holds. */
export interface RatioEstimate {
  /** 0.9: values of `b` are typically 10% below those of `a`. */
  readonly ratio: number
  readonly low: number
  readonly high: number
}

/**
 * By which factor b differs from a: the median of the ratios of all pairs (Hodges and Lehmann 1963, on logarithms), with the
 * interval that belongs to the Mann-Whitney test (Moses). Robust: a single wild trial moves it little. All values must be above 0.
 *
 * The interval is the narrowest that holds at least 95%, exact up to 1,000 pairs, above that by the normal approximation. With three values in each group not
 * even the whole range of ratios does, which is then the interval. Pairs are counted, never listed: 100,000 values in each group take well under a second.
 */
export function hodgesLehmannRatio(a: ArrayLike<number>, b: ArrayLike<number>): RatioEstimate {
  const [x, y] = [sorted(a).map(Math.log), sorted(b).map(Math.log)]
  const pairs = x.length * y.length
  const rank = intervalRank(x.length, y.length)
  const centre = (kthDifference(x, y, Math.ceil(pairs / 2)) + kthDifference(x, y, Math.floor(pairs / 2) + 1)) / 2
  return { ratio: Math.exp(centre), low: Math.exp(kthDifference(x, y, rank)), high: Math.exp(kthDifference(x, y, pairs + 1 - rank)) }
}

/** The share of cases in which the interval of so many values in each group holds the true ratio: 0.95 or a little more, 0.9 for 3 and 3. */
export function ratioCoverage(n: number, m: number): number {
  if (n * m > EXACT_PAIRS) return 0.95
  const outside = countsOfU(n, m, intervalRank(n, m) - 1).reduce((sum, count) => sum + count, 0)
  return 1 - (2 * outside) / orders(n, m)
}

/** The interval runs from this difference in order of size, counted from 1, to as many from the other end. */
function intervalRank(n: number, m: number): number {
  const pairs = n * m
  if (pairs > EXACT_PAIRS) return Math.max(1, Math.round(pairs / 2 - NORMAL_975 * Math.sqrt((pairs * (n + m + 1)) / 12)))
  const most = orders(n, m) * 0.025
  let tail = 0
  const rank = countsOfU(n, m, Math.floor(pairs / 2)).findIndex((count) => (tail += count) > most)
  return Math.max(1, rank)
}

/** The k-th smallest y - x over all pairs of two sorted lists, found by halving the range of differences. */
function kthDifference(x: Float64Array, y: Float64Array, k: number): number {
  let low = (y[0] ?? Number.NaN) - (x.at(-1) ?? Number.NaN)
  let high = (y.at(-1) ?? Number.NaN) - (x[0] ?? Number.NaN)
  while (high - low > PRECISION) {
    const middle = low + (high - low) / 2
    if (differencesUpTo(x, y, middle) >= k) high = middle
    else low = middle
  }
  return high
}

/** How many pairs have y - x <= limit. As x grows, so does the part of y that qualifies. */
function differencesUpTo(x: Float64Array, y: Float64Array, limit: number): number {
  let [count, j] = [0, 0]
  for (const value of x) {
    while (j < y.length && (y[j] ?? 0) - value <= limit) j++
    count += j
  }
  return count
}
