const READABLE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 })

/** Four significant digits, thousands parted: `1,235,000`, `0.01235`. */
export function figure(value: number): string {
  return Number.isFinite(value) ? READABLE.format(value) : 'not measured'
}

/** A ratio with what it means in percent: `0.820 (-18.0%)`. */
export function ratioText(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'not measured'
  return `${ratio.toPrecision(3)} (${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(1)}%)`
}

/** Both ends: `0.79 to 0.85`. */
export function intervalText([low, high]: readonly [number, number]): string {
  return Number.isFinite(low) && Number.isFinite(high) ? `${low.toPrecision(3)} to ${high.toPrecision(3)}` : 'not measured'
}

/** A p value as far as it can be told: `0.012`, `below 0.0001`. */
export function pText(p: number): string {
  return p < 0.0001 ? 'below 0.0001' : p.toPrecision(2)
}
