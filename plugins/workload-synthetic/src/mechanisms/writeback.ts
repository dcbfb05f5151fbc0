import { REFERENCE_CONNECTIONS } from '../arrivals.js'
import type { Mechanism } from './mechanism.js'

/**
 * A bulk writer (a log shipper, a backup) keeps dirty memory at the level up to which writers run freely; the burst's own
 * writes come on top, and who goes beyond the limit is paused.
 *
 *   background = dirty_background_ratio, or dirty_ratio / 2 where it is not below dirty_ratio   [% of dirtyable memory]
 *   level      = (background + dirty_ratio) / 2                              [%]
 *   headroom   = dirty_ratio - level = (dirty_ratio - background) / 2        [%]
 *   growth     = ahead * upload_kib / dirtyable_mib                          [%]
 *   delay      = min(PAUSE_MS * max(0, growth - headroom)^2, LONGEST_PAUSE_MS)     [ms]  pause of the writer
 *              + burst * COMMIT_MS * level^2                                 [ms]  commits behind a flush
 *              + burst * REWRITE_MS / (1 + background)                       [ms]  pages written more than once
 *   burst      = ahead / REFERENCE_CONNECTIONS
 *
 * Pauses grow faster than the excess because the kernel's control falls off as a cubic towards the limit. Commits grow with
 * the square of the level: a fuller memory makes a flush both longer and likelier to be met. An early flush writes pages
 * that will be dirtied again. Both ratios enter level and headroom, and both act through squares: they interact.
 *
 * Sources: mm/page-writeback.c (domain_dirty_limits, dirty_freerun_ceiling, wb_position_ratio; MAX_PAUSE: 200 ms),
 * Documentation/admin-guide/sysctl/vm.rst, Documentation/admin-guide/cgroup-v2.rst (Writeback).
 */
const PAUSE_MS = 0.6
const LONGEST_PAUSE_MS = 200
const COMMIT_MS = 0.04
const REWRITE_MS = 20

export const writeback: Mechanism = ({ count, ahead, latencyMs }, knobs, options) => {
  const dirty = knobs.dirtyPct
  const background = knobs.dirtyBackgroundPct < dirty ? knobs.dirtyBackgroundPct : dirty / 2
  const level = (background + dirty) / 2
  const headroom = dirty - level
  const growthPerConnection = (options.upload_kib / (options.dirtyable_mib * 1024)) * 100
  const burstMs = COMMIT_MS * level * level + REWRITE_MS / (1 + background)
  let throttledMs = 0
  for (let i = 0; i < count; i++) {
    const before = ahead[i] ?? 0
    const excess = Math.max(0, before * growthPerConnection - headroom)
    const pauseMs = Math.min(PAUSE_MS * excess * excess, LONGEST_PAUSE_MS)
    throttledMs += pauseMs
    latencyMs[i] = (latencyMs[i] ?? 0) + pauseMs + (before / REFERENCE_CONNECTIONS) * burstMs
  }
  return { dirty_throttled_ms: throttledMs }
}
