import type { Catalogue } from '../model/catalogue.js'
import type { Applied, Reading, Step } from '../model/change.js'
import type { Arm, TrialResult } from '../model/evaluation.js'
import type { Evidence } from '../model/evidence.js'
import type { KnobRef, TakesEffect } from '../model/knob.js'
import type { Plan } from '../model/plan.js'
import type { Snapshot } from '../model/telemetry.js'
import type { KnobValue } from '../model/value.js'

/** What every tap is handed as its second argument. */
export interface CallContext {
  /** Aborts when the run stops or the tap's time is up. Hand the context on whole: a copy by `...` has no signal. */
  readonly signal: AbortSignal
  /** A warning for the operator, shown with the plugin's name. */
  readonly log: (message: string) => void
  /** A named stream of numbers in 0..1 from the run's seed, private to the plugin: a draw here changes no other stream. */
  readonly random: (stream: string) => () => number
  /** The run's clock; it can be fixed, so that outputs are the same bytes. */
  readonly now: () => Date
  /** What measures: the plugin's id, and a fingerprint of its options where they are not its defaults. Null where the config has none. */
  readonly workload: string | null
}

/** One pass through the loop. */
export interface Cycle extends CallContext {
  /** The run's name, as in the journal and the report. */
  readonly run: string
  readonly seed: number
  /** What the service must keep: its 95th percentile of latency, in milliseconds. */
  readonly slo: { readonly p95_ms: number }
  /** Every knob that there is, of any host. */
  readonly catalogue: Catalogue
}

/** A file that is whole before it has its name, as core's `AtomicFile` is. */
export interface PendingFile {
  /** Puts all of it on the disk. */
  finish(): void
  /** Gives it its name. */
  publish(): void
  /** Removes it, unless it has its name. */
  discard(): void
}

/** What a report is handed: results get their names together, once every report has written its own, or none does. */
export interface Reporting extends Cycle {
  /** Puts the file on the disk and keeps it for its name; throws the system's error where there is no room. */
  readonly publish: (file: PendingFile) => void
}

/** The loop once telemetry is in. */
export interface Observed extends Cycle {
  readonly snapshot: Snapshot
}

/** The loop once evidence is in and knobs are read: what a reasoner sees. */
export interface Situation extends Observed {
  readonly evidence: Evidence
  /** Each knob an applier answers for, as it stands now, absent and barred ones included. */
  readonly current: ReadonlyMap<KnobRef, Reading>
}

/** What a guard judges: the plan, and the state that would result from it. */
export interface Proposal extends Situation {
  readonly plan: Plan
  /** Current values with the plan on top. */
  readonly resulting: ReadonlyMap<KnobRef, KnobValue>
}

/** Trials and telemetry of one moment. `trials` is empty where no workload is configured. */
export interface Look {
  readonly snapshot: Snapshot
  readonly trials: readonly TrialResult[]
}

/** What monitoring sees of one rollout step. */
export interface StepView extends Proposal {
  readonly step: Step
  /** 0 for the first look after the step; counts up while the judgement is `hold`. */
  readonly look: number
  readonly before: Look
  readonly after: Look
}

/** What a workload is asked for: one trial, on the knobs as read back from what is applied now. */
export interface TrialRequest {
  /** Which trial of the run it is; a simulated workload draws the same requests for the same index. */
  readonly index: number
  /**
   * What must be made anew before the trial for the knobs on trial to be seen: `next listen()` asks for a restart of the
   * service, `new connections` for fresh connections. A workload that cannot do it says so in `unseen`.
   */
  readonly renew: readonly TakesEffect[]
  /** `probe`: a look during rollout or a sweep, which enters no evaluation. */
  readonly arm: Arm | 'probe'
  /** The knobs as they stand now. */
  readonly knobs: ReadonlyMap<KnobRef, KnobValue>
}

/** The changes of one step that one applier claimed, in the order in which they are to be made. */
export interface Batch {
  /** 1 for the first step of the run. */
  readonly step: number
  readonly changes: readonly { readonly knob: KnobRef; readonly from: KnobValue; readonly to: KnobValue }[]
}

/**
 * What was applied and is to be taken back, newest first. After an `apply` that failed or was cut off it holds the whole
 * batch as it was wanted: what was never written is answered `already`, or left out.
 */
export interface Undo {
  readonly step: number
  readonly applied: readonly Applied[]
}

