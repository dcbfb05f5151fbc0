import { z } from 'zod'
import { KnobRef, TakesEffect } from './knob.js'
import { Cue, Plan } from './plan.js'
import { KnobValue } from './value.js'

/** One change of a plan on paper, with what a reader needs to agree to it. */
export const PlannedChange = z.strictObject({
  knob: KnobRef,
  from: KnobValue,
  to: KnobValue,
  rationale: z.string(),
  cues: z.array(Cue).readonly(),
  risk: z.enum(['low', 'medium', 'high']),
  takes_effect: TakesEffect,
  /** A value dies with a restart, unless it is applied with --persist and there is a drop-in that can set it at boot. */
  survives_reboot: z.enum(['with --persist', 'never']),
})
export type PlannedChange = z.infer<typeof PlannedChange>

/** What `semantos plan --out` writes and `semantos apply` takes: refused when the host has changed since. */
export const PlanFile = z.strictObject({
  kind: z.literal('semantos-plan'),
  schema_version: z.literal(1),
  created: z.iso.datetime(),
  host: z.strictObject({ name: z.string(), kernel: z.string(), boot_id: z.string() }),
  /** The config it was made with, an absolute path. */
  config: z.string(),
  /** The network namespace that it was made in, as --netns named it; null for the host's own. */
  netns: z.string().nullable(),
  changes: z.array(PlannedChange).readonly(),
  plan: Plan,
})
export type PlanFile = z.infer<typeof PlanFile>
