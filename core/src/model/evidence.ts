import { z } from 'zod'
import { KnobName, KnobRef } from './knob.js'
import { Finite, KnobValue } from './value.js'

/** A typed, signed relation between two knobs, and where it is known from. Weight is 0..1. */
export const Edge = z.strictObject({
  from: KnobName,
  to: KnobName,
  kind: z.enum(['depends_on', 'conflicts_with', 'synergizes_with']),
  weight: z.number().min(0).max(1),
  /** How many observations stand behind it; 0 for one from documentation. */
  evidence_count: z.int().min(0),
  /** Where it is known from: a URL, a sweep, an outcome. */
  source: z.string().min(1),
  /** When it was last confirmed; null: never since it was written down. */
  updated: z.iso.datetime().nullable(),
})
export type Edge = z.infer<typeof Edge>

/** What a past run saw, did and got. `improvement_pct` is positive where the goal metric got better. */
export const Trace = z.strictObject({
  id: z.string().min(1).max(128),
  time: z.iso.datetime(),
  /** Facts by which hosts are compared, as `hostOf` gives them. */
  host: z.record(z.string(), z.union([z.string(), Finite])),
  workload: z.string(),
  /** The snapshot's metrics by name, each in its own unit. */
  metrics: z.record(z.string(), Finite),
  /** The metrics that made the run act, by name. */
  symptoms: z.array(z.string()).readonly().optional(),
  /** What was changed; `from` is null where the value before is not known. */
  actions: z.array(z.strictObject({ knob: KnobRef, from: KnobValue.nullable(), to: KnobValue })).readonly(),
  improvement_pct: Finite.nullable(),
  verdict: z.string().min(1),
})
export type Trace = z.infer<typeof Trace>

/** A short note in our own words, cited by its id. */
export const Document = z.strictObject({ id: z.string().min(1), title: z.string().min(1), text: z.string().min(1), source: z.string().min(1) })
export type Document = z.infer<typeof Document>

/** All that knowledge plugins found for a situation: edges ordered by their ends, traces and documents by id. */
export const Evidence = z.strictObject({
  edges: z.array(Edge).readonly(),
  traces: z.array(Trace).readonly(),
  documents: z.array(Document).readonly(),
})
export type Evidence = z.infer<typeof Evidence>
