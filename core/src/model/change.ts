import { z } from 'zod'
import { KnobName, KnobRef } from './knob.js'
import { KnobValue } from './value.js'

/**
 * One knob as it stands now, read through the applier that answers for it. `text` is the file's own bytes without the
 * trailing newline, so that a restore can be exact; `value` is its meaning in the knob's type. `live`: a write changes a
 * running system, and needs the operator's leave.
 */
export const Reading = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('present'), knob: KnobRef, text: z.string(), value: KnobValue, writable: z.boolean(), live: z.boolean() }),
  z.strictObject({ status: z.literal('unavailable'), knob: KnobRef, reason: z.string().min(1), successor: KnobName.nullable() }),
  z.strictObject({ status: z.literal('not permitted'), knob: KnobRef, reason: z.string().min(1) }),
])
export type Reading = z.infer<typeof Reading>
/** A reading of a knob that is there: its text and its value. */
export type Present = Extract<Reading, { status: 'present' }>

/** One knob to be changed. */
export const Change = z.strictObject({ knob: KnobRef, from: KnobValue, to: KnobValue })
export type Change = z.infer<typeof Change>

/** A batch of changes that go in together, on a share of the fleet (1 = all hosts). */
export const Step = z.strictObject({ knobs: z.array(KnobRef).min(1).readonly(), host_share: z.number().gt(0).max(1) })
export type Step = z.infer<typeof Step>

/** One change as it went: what stood there, what was asked for, and what the kernel stored. */
export const Applied = z.strictObject({ knob: KnobRef, before: KnobValue, wanted: KnobValue, stored: KnobValue })
export type Applied = z.infer<typeof Applied>

/** One change taken back, or left alone because somebody else has changed the value since. */
export const Undone = z.strictObject({ knob: KnobRef, outcome: z.enum(['restored', 'unchanged', 'modified externally', 'failed']), now: KnobValue.nullable(), detail: z.string() })
export type Undone = z.infer<typeof Undone>
