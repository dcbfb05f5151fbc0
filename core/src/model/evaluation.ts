import { z } from 'zod'
import { TakesEffect } from './knob.js'
import { Finite } from './value.js'

/** Before the changes, or with them. */
export const Arm = z.enum(['baseline', 'tuned'])
export type Arm = z.infer<typeof Arm>

const Milliseconds = z.number().min(0)

/** One trial: the latency distribution of one run of the workload, with what the kernel counted meanwhile. */
export const TrialResult = z.strictObject({
  latency: z.strictObject({ p50_ms: Milliseconds, p95_ms: Milliseconds, p99_ms: Milliseconds, max_ms: Milliseconds }),
  /** Requests a second that were answered. */
  throughput_per_s: z.number().min(0),
  requests: z.int().min(0),
  errors: z.int().min(0),
  /** What was counted meanwhile, by name, with the unit in the name: `timeouts`, `dirty_throttled_ms`. */
  counters: z.record(z.string(), Finite),
  /** What the workload was asked to make anew and could not: a knob that needs it cannot be judged by this trial. */
  unseen: z.array(TakesEffect).readonly().default([]),
})
export type TrialResult = z.infer<typeof TrialResult>
/** What a workload returns: `unseen` may be left out. */
export type TrialDraft = z.input<typeof TrialResult>

/** A trial with its place in the run: `index` counts from 0 in each arm. */
export const Trial = TrialResult.extend({ index: z.int().min(0), arm: Arm })
export type Trial = z.infer<typeof Trial>

/** Interval ends and effect in percent of the baseline's median p95; positive is faster. */
export const Evaluation = z.strictObject({
  trials: z.int().min(0),
  baseline_p95_ms: z.number().nullable(),
  tuned_p95_ms: z.number().nullable(),
  improvement_pct: z.number().nullable(),
  interval_pct: z.tuple([z.number(), z.number()]).nullable(),
  p_value: z.number().min(0).max(1).nullable(),
  verdict: z.enum(['better', 'worse', 'no difference', 'inconclusive', 'not measured']),
  words: z.string().min(1),
})
export type Evaluation = z.infer<typeof Evaluation>
