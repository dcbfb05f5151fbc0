/** Median and spread (10th and 90th percentile) of numbers. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (p) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]
  return { median: at(0.5), p10: at(0.1), p90: at(0.9), p99: at(0.99) }
}

export function line(name, { median, p10, p90 }, unit, digits = 1) {
  return `${name.padEnd(58)} ${median.toFixed(digits)} ${unit} (${p10.toFixed(digits)}..${p90.toFixed(digits)})`
}
