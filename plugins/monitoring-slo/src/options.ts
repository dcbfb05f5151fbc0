import { MetricName, z } from '@semantos/core'

export const Options = z.strictObject({
  /** How much larger the median p95 may become. */
  tolerance_pct: z.number().min(0).default(10),
  /** How much lower the median throughput may become. */
  max_throughput_drop_pct: z.number().min(0).max(100).default(10),
  /** By how many points the share of failed requests may rise. */
  max_error_rise_pct: z.number().min(0).max(100).default(0.1),
  /** Fewer trials than this, before or after, are not enough to take a step back for a p95 that may be noise. */
  min_trials: z.int().min(1).default(3),
  /** A step that is still undecided after this many looks is taken back. */
  max_looks: z.int().min(1).default(3),
  /** Metrics that must not rise by more than this, in their own unit. */
  guard_metrics: z.record(MetricName, z.number().min(0)).default({ 'pressure.memory_full_pct': 10, 'vmstat.oom_kill_per_s': 0 }),
})
export type Options = ReturnType<typeof Options.parse>
