import { type Knob, refuses } from '@semantos/core'

/** What one unit is mistaken for another by: thousands of time and frequency, 1024 of memory, pages, percent for shares. */
const FACTORS = [1000, 1_000_000, 1_000_000_000, 1024, 1_048_576, 1_073_741_824, 4096, 100] as const

const WITH_UNIT = /^\s{0,4}-?[\d_.,]{1,20}\s{0,4}(?:%|[a-zA-Z]{1,12})\s{0,4}$/

/**
 * Says so where a refused value looks like the right amount in another unit. The value is refused all the same: a guess at
 * what was meant is not what was said.
 */
export function unitHint(knob: Knob, value: unknown): string {
  const { type } = knob
  if (type.kind !== 'integer' && type.kind !== 'vector') return ''
  if (typeof value === 'string') return WITH_UNIT.test(value) ? `; a unit was written, and the knob takes a plain number in ${type.unit}` : ''
  if (type.kind !== 'integer' || typeof value !== 'number' || !Number.isFinite(value) || value === 0) return ''
  const fits = (amount: number) => Number.isSafeInteger(amount) && refuses(knob, amount, 'safe') === null
  const factor = FACTORS.find((times) => fits(value / times) || fits(value * times))
  if (factor === undefined) return ''
  const meant = fits(value / factor) ? value / factor : value * factor
  return `; it may be a mix-up of units: the knob counts in ${type.unit}, where ${meant} would be accepted`
}
