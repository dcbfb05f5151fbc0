import type { Evidence, Judgement, Knob, KnobRef, Look, Plan, Reading, RunReport, Snapshot, Trial, TrialRequest, TuneReport } from '@semantos/core'
import type { Files } from '../folders.js'
import { SAMPLE_KNOBS, knobFiles, readingsOf } from './knobs.js'
import { SAMPLE_REPORT, SAMPLE_TUNE } from './reports.js'
import { ROOT_FILES } from './root-files.js'
import { SAMPLE_EVIDENCE, SAMPLE_PLAN, SAMPLE_SNAPSHOT, SAMPLE_TRIALS } from './seen.js'

/** All that a plugin can be asked about: the host, its files, what has been seen, planned and measured so far. */
export interface World {
  readonly root: Files
  /** Beside the config. */
  readonly files: Files
  readonly knobs: readonly Knob[]
  readonly snapshot: Snapshot
  readonly evidence: Evidence
  readonly current: ReadonlyMap<KnobRef, Reading>
  /** The plan of the reasoners before. */
  readonly earlier: Plan
  /** The plan that guards judge and that is cut into steps. */
  readonly plan: Plan
  readonly before: Look
  readonly after: Look
  readonly look: number
  /** What another monitoring plugin has decided. */
  readonly judgement: Judgement
  readonly requests: readonly TrialRequest[]
  readonly trials: readonly Trial[]
  readonly report: RunReport
  readonly tune: TuneReport
  /** Happens to the root after knobs have been read and before they are changed. */
  readonly beforeApply: (root: string) => void
}

/** A sound world: one host, one run that goes well; with what an author puts in its place. */
export function worldOf(given: Partial<World>): World {
  const { knobs = SAMPLE_KNOBS, snapshot = SAMPLE_SNAPSHOT, trials = SAMPLE_TRIALS } = given
  const current = given.current ?? readingsOf(knobs)
  const values = new Map(Array.from(current.values()).flatMap((reading) => (reading.status === 'present' ? [[reading.knob, reading.value] as const] : [])))
  return {
    files: {},
    knobs,
    snapshot,
    evidence: SAMPLE_EVIDENCE,
    current,
    earlier: { recommendations: SAMPLE_PLAN.recommendations.slice(0, 1), advice: [] },
    plan: SAMPLE_PLAN,
    before: { snapshot, trials: trials.filter(({ arm }) => arm === 'baseline') },
    after: { snapshot, trials: trials.filter(({ arm }) => arm === 'tuned') },
    look: 0,
    judgement: { decision: 'promote', reasons: [] },
    requests: [{ arm: 'baseline', index: 0, renew: [], knobs: values }],
    trials,
    report: SAMPLE_REPORT,
    tune: SAMPLE_TUNE,
    beforeApply: () => undefined,
    ...given,
    root: { ...ROOT_FILES, ...knobFiles(knobs), ...given.root },
  }
}
