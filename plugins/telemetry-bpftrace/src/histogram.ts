import { z } from '@semantos/core'

/** A bucket of bpftrace's `hist()`: from a power of two to below the next one. The last one may have no end. */
const Bucket = z
  .strictObject({ min: z.int().min(0), max: z.int().min(0).optional(), count: z.int().min(0) })
  .transform(({ min, max = min, count }) => ({ min, max, count }))
  .refine(({ min, max }) => max >= min, { error: 'a bucket ends before it begins' })
export type Bucket = z.infer<typeof Bucket>

export const Histogram = z
  .array(Bucket)
  .max(64)
  .refine((buckets) => buckets.every(({ min }, index) => index === 0 || min > (buckets[index - 1]?.max ?? 0)), { error: 'buckets must rise' })
export type Histogram = z.infer<typeof Histogram>

export function total(histogram: Histogram): number {
  return histogram.reduce((sum, { count }) => sum + count, 0)
}

/**
 * The value below which a share of all samples lies. Where it is inside a bucket is not known; samples are taken to be spread evenly
 * over it. The histogram must not be empty.
 */
export function percentile(histogram: Histogram, share: number): number {
  const rank = share * total(histogram)
  let below = 0
  for (const { min, max, count } of histogram) {
    if (count > 0 && below + count >= rank) return min + (max + 1 - min) * ((rank - below) / count)
    below += count
  }
  throw new RangeError('an empty histogram has no percentiles')
}
