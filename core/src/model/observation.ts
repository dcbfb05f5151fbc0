import { z } from 'zod'
import { Finite } from './value.js'

/** A metric after a step beside the same metric before it. */
export const Observation = z.strictObject({
  name: z.string().min(1),
  unit: z.string().min(1),
  before: Finite.nullable(),
  after: Finite,
  source: z.string(),
})
export type Observation = z.infer<typeof Observation>
/** An observation as a plugin adds it; `before` is null where there was nothing to compare with. */
export const ObservationDraft = Observation.omit({ source: true })
export type ObservationDraft = z.infer<typeof ObservationDraft>

/** Go on, look again, or take it back, and the measurements that say so. */
export const Judgement = z.strictObject({
  decision: z.enum(['promote', 'hold', 'roll back']),
  reasons: z.array(z.string().min(1)).readonly(),
})
export type Judgement = z.infer<typeof Judgement>
