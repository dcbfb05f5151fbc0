import { z } from 'zod'
import { TakesEffect } from './knob.js'
import { Recommendation } from './plan.js'
import { KnobValue } from './value.js'

/**
 * One change of a plan: a recommendation whose value is `to`, with what a person needs to approve it. It is shown, approved and applied
 * from this one object.
 */
export const PlannedChange = z.strictObject({
  ...Recommendation.omit({ value: true }).shape,
  from: KnobValue,
  to: KnobValue,
  risk: z.enum(['low', 'medium', 'high']),
  takes_effect: TakesEffect,
  /** A value dies with a reboot, unless it is applied with --persist and there is a drop-in that can set it at boot. */
  survives_reboot: z.enum(['with --persist', 'never']),
})
export type PlannedChange = z.infer<typeof PlannedChange>

/** What `semantos plan --out` writes and `semantos apply` takes: refused when it was edited, or when the host has changed since. */
export const PlanFile = z.strictObject({
  kind: z.literal('semantos-plan'),
  schema_version: z.literal(2),
  created: z.iso.datetime(),
  /** After this it is refused: what it was made from is too long ago. */
  expires: z.iso.datetime(),
  host: z.strictObject({ name: z.string(), kernel: z.string(), boot_id: z.string() }),
  /** The config it was made with, an absolute path. */
  config: z.string(),
  /** The network namespace that it was made in, as --netns named it; null for the host's own. */
  netns: z.string().nullable(),
  changes: z.array(PlannedChange).readonly(),
  /** SHA-256 of everything above, in hexadecimal: what is approved is this digest. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
})
export type PlanFile = z.infer<typeof PlanFile>
