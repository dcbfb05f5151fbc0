/** Endings of metric names, longest first. */
const ENDINGS = [
  ['_bytes_per_s', 'bytes_per_s'], ['_bytes_per_io', 'bytes'], ['_ms_per_s', 'ms_per_s'], ['_per_s', 'per_s'],
  ['_bytes', 'bytes'], ['_pages', 'pages'], ['_packets', 'packets'], ['_pct', 'percent'], ['_ms', 'ms'], ['_us', 'us'], ['_s', 's'],
] as const

/** The unit that a metric's name ends in, whatever device stands behind it; null where it ends in none. */
export function unitOf(metric: string): string | null {
  const bare = metric.replace(/\[.*$/, '')
  return ENDINGS.find(([ending]) => bare.endsWith(ending))?.[1] ?? null
}
