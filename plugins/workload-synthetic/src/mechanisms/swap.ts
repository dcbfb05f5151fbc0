import { REFERENCE_CONNECTIONS } from '../arrivals.js'
import type { Mechanism } from './mechanism.js'

/**
 * Where the working set exceeds memory, reclaim takes pages from anonymous memory and from the page cache in the proportion
 * that `vm.swappiness` sets, and some come back by a fault.
 *
 *   anon  = swappiness / 200                                               [share of reclaim]
 *   delay = burst * memory_overcommit_pct * (ANON_MS * anon^2 + FILE_MS * (1 - anon)^2)   [ms]
 *   burst = ahead / REFERENCE_CONNECTIONS
 *
 * Squares: the coldest pages go first, so that each further share hits warmer ones and comes back sooner. An anonymous page
 * of a worker hurts more than a page of a cached file. The optimum is at anon = FILE_MS / (ANON_MS + FILE_MS), which
 * is a swappiness of 12.5.
 *
 * Sources: mm/vmscan.c (get_scan_count; 0..200 since 5.8), Documentation/admin-guide/sysctl/vm.rst.
 */
const ANON_MS = 22.5
const FILE_MS = 1.5

export const swap: Mechanism = ({ count, ahead, latencyMs }, knobs, options) => {
  const anon = Math.min(knobs.swappiness / 200, 1)
  const anonMs = options.memory_overcommit_pct * ANON_MS * anon * anon
  const fileMs = options.memory_overcommit_pct * FILE_MS * (1 - anon) * (1 - anon)
  let bursts = 0
  for (let i = 0; i < count; i++) {
    const burst = (ahead[i] ?? 0) / REFERENCE_CONNECTIONS
    bursts += burst
    latencyMs[i] = (latencyMs[i] ?? 0) + burst * (anonMs + fileMs)
  }
  return { swap_in_ms: bursts * anonMs, file_refault_ms: bursts * fileMs }
}
