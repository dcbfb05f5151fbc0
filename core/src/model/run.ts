import { z } from 'zod'
import { Applied, Change, Reading, Step, Undone } from './change.js'
import { Evaluation } from './evaluation.js'
import { Evidence } from './evidence.js'
import { Judgement, Observation } from './observation.js'
import { Plan } from './plan.js'
import { Snapshot } from './telemetry.js'
import { Verdict } from './verdict.js'

/** One rollout step from its changes to its judgement. */
export const StepReport = z.strictObject({
  step: Step,
  applied: z.array(Applied).readonly(),
  observations: z.array(Observation).readonly(),
  judgement: Judgement,
})
export type StepReport = z.infer<typeof StepReport>

/** How a run ended. */
export const Outcome = z.enum(['dry run', 'applied', 'nothing to do', 'refused', 'rolled back'])
export type Outcome = z.infer<typeof Outcome>

/** One pass through the loop, whole. Written by `report-json`; its JSON schema is published with core. */
export const RunReport = z.strictObject({
  schema_version: z.literal(1),
  run: z.string(),
  time: z.iso.datetime(),
  seed: z.int(),
  workload: z.string().nullable(),
  slo: z.strictObject({ p95_ms: z.number().positive() }),
  outcome: Outcome,
  snapshot: Snapshot,
  evidence: Evidence,
  /** Every knob of the run as it stood before. */
  readings: z.array(Reading).readonly(),
  plan: Plan,
  verdict: Verdict,
  /** What the plan changes on this host: what stands so already is left out. */
  changes: z.array(Change).readonly(),
  steps: z.array(StepReport).readonly(),
  /** What was taken back because the run failed or was judged harmful. */
  undone: z.array(Undone).readonly(),
  /** Median p95 of the trials after the changes; null where none were run. */
  post_p95_ms: z.number().nullable(),
  evaluation: Evaluation,
  plugins: z.array(z.strictObject({ name: z.string(), stage: z.string(), version: z.string() })).readonly(),
})
export type RunReport = z.infer<typeof RunReport>
