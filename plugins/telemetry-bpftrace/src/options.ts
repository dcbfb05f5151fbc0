import { z } from '@semantos/core'
import { PROBE_NAMES } from './probes.js'

export const Options = z.strictObject({
  /** How long `collect` traces. */
  window_ms: z.int().min(100).max(60_000).default(1000),
  histograms: z.array(z.enum(PROBE_NAMES)).min(1).refine((names) => new Set(names).size === names.length, { error: 'names a histogram twice' }).default([...PROBE_NAMES]),
  /** A name is looked for on PATH. */
  program: z.string().min(1).default('bpftrace'),
})
