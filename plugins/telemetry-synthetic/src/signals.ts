/** A metric that the synthetic host shows, drawn uniformly from `low`..`high` and rounded to `decimals`. */
export interface Signal {
  readonly name: string
  readonly unit: string
  readonly low: number
  readonly high: number
  readonly decimals: number
}

const GIB = 1024 ** 3
export const MEMORY_BYTES = 256 * GIB
export const SWAP_BYTES = 8 * GIB

/**
 * A web server under load. The first three are the signals of the reproduction kit, in its ranges: p95 is 180 ms times
 * 0.9..1.1. The others have the names and units of the collector that reads a real host, and ranges as such a server shows
 * them: an accept queue that overflows in bursts, drops in softnet, pressure on every resource, a little swapping.
 */
export const SIGNALS: readonly Signal[] = [
  { name: 'p95_ms', unit: 'ms', low: 162, high: 198, decimals: 3 },
  { name: 'irq_rate', unit: 'per_s', low: 8000, high: 28_000, decimals: 0 },
  { name: 'load', unit: 'tasks', low: 4, high: 12, decimals: 2 },
  { name: 'pressure.cpu_some_pct', unit: 'percent', low: 20, high: 55, decimals: 2 },
  { name: 'pressure.io_some_pct', unit: 'percent', low: 5, high: 25, decimals: 2 },
  { name: 'pressure.memory_some_pct', unit: 'percent', low: 1, high: 8, decimals: 2 },
  { name: 'sched.run_queue_wait_ms_per_s', unit: 'ms_per_s', low: 2000, high: 9000, decimals: 1 },
  { name: 'sched.context_switches_per_s', unit: 'per_s', low: 60_000, high: 220_000, decimals: 0 },
  { name: 'tcpext.listen_overflows_per_s', unit: 'per_s', low: 5, high: 40, decimals: 1 },
  { name: 'tcpext.listen_drops_per_s', unit: 'per_s', low: 40, high: 60, decimals: 1 },
  { name: 'tcpext.tcp_syn_retrans_per_s', unit: 'per_s', low: 5, high: 50, decimals: 1 },
  { name: 'softnet.dropped_per_s', unit: 'per_s', low: 10, high: 400, decimals: 1 },
  { name: 'softnet.time_squeezed_per_s', unit: 'per_s', low: 0, high: 60, decimals: 1 },
  { name: 'memory.total_bytes', unit: 'bytes', low: MEMORY_BYTES, high: MEMORY_BYTES, decimals: 0 },
  { name: 'memory.available_bytes', unit: 'bytes', low: 40 * GIB, high: 90 * GIB, decimals: 0 },
  { name: 'memory.dirty_bytes', unit: 'bytes', low: 4 * GIB, high: 14 * GIB, decimals: 0 },
  { name: 'memory.writeback_bytes', unit: 'bytes', low: 0.1 * GIB, high: GIB, decimals: 0 },
  { name: 'memory.swap_total_bytes', unit: 'bytes', low: SWAP_BYTES, high: SWAP_BYTES, decimals: 0 },
  { name: 'memory.swap_free_bytes', unit: 'bytes', low: 5 * GIB, high: 7 * GIB, decimals: 0 },
  { name: 'vmstat.pswpin_per_s', unit: 'per_s', low: 20, high: 300, decimals: 1 },
  { name: 'vmstat.pswpout_per_s', unit: 'per_s', low: 10, high: 200, decimals: 1 },
  { name: 'vmstat.pgmajfault_per_s', unit: 'per_s', low: 50, high: 500, decimals: 1 },
  { name: 'numa.remote_pct', unit: 'percent', low: 20, high: 50, decimals: 2 },
]

/** One draw from 0..1 becomes the signal's value. */
export function valueOf({ low, high, decimals }: Signal, draw: number): number {
  const scale = 10 ** decimals
  return Math.round((low + (high - low) * draw) * scale) / scale
}
