/** Metrics whose names do not end in their unit. */
const KNOWN: ReadonlyMap<string, string> = new Map([['irq_rate', 'per_s'], ['load', 'tasks'], ['load5', 'tasks'], ['load15', 'tasks']])

/** Endings of metric names, longest first. */
const ENDINGS = [
  ['_bytes_per_s', 'bytes_per_s'], ['_bytes_per_io', 'bytes'], ['_ms_per_s', 'ms_per_s'], ['_per_s', 'per_s'],
  ['_bytes', 'bytes'], ['_pages', 'pages'], ['_packets', 'packets'], ['_pct', 'percent'], ['_ms', 'ms'], ['_us', 'us'], ['_s', 's'],
] as const

/** The unit a metric's name tells of, `none` where it tells of none. */
export function unitOf(name: string): string {
  const bare = name.replace(/\[.*$/, '')
  return KNOWN.get(bare) ?? ENDINGS.find(([ending]) => bare.endsWith(ending))?.[1] ?? 'none'
}
