import { z } from 'zod'
import { Applied, Step, Undone } from '../model/change.js'
import { Evaluation, type Trial, type TrialDraft, TrialResult } from '../model/evaluation.js'
import { Judgement } from '../model/observation.js'
import { type Plan, PlanDraft } from '../model/plan.js'
import type { RunReport } from '../model/run.js'
import type { TuneReport } from '../model/tune.js'
import type { Call } from './call.js'
import type { Batch, CallContext, Cycle, Observed, Proposal, Reporting, Situation, StepView, TrialRequest, Undo } from './contexts.js'
import {
  type EvidenceDraft, type EvidenceView, type KnobsDraft, type KnobsView, type NotesDraft, type NotesView, type ObservationsDraft, type ObservationsView, type ReadingsDraft,
  type ReadingsView, type SnapshotDraft, type SnapshotView, type VerdictDraft, type VerdictView, type WatchDraft, type WatchView,
} from './drafts.js'
import { parse } from './drafts/draft.js'
import type { SemantosError } from './errors.js'
import { frozen } from './frozen.js'
import { Chain, First, Gather, Tell } from './hook.js'
import type { RunControls } from './kernel-run.js'

/** `planning`: the run will only say what would change, and no plugin may write anything. */
export interface StartMessage {
  readonly planning: boolean
}

/** Every hook of the kernel, in the order of the loop. */
export function createHooks(runs: RunControls) {
  return {
    configure: new Gather<KnobsView, KnobsDraft, CallContext>('configure', runs, 'parallel'),
    start: new Tell<StartMessage, Cycle>('start', runs),
    collect: new Gather<SnapshotView, SnapshotDraft, Cycle>('collect', runs, 'parallel'),
    watch: new Gather<WatchView, WatchDraft, Cycle>('watch', runs, 'parallel'),
    retrieve: new Gather<EvidenceView, EvidenceDraft, Observed>('retrieve', runs, 'parallel'),
    read: new Gather<ReadingsView, ReadingsDraft, Cycle>('read', runs, 'series'),
    reason: new Chain<PlanDraft, Plan, Situation>('reason', runs, 'plan', stampPlan, frozen),
    guard: new Gather<VerdictView, VerdictDraft, Proposal>('guard', runs, 'parallel'),
    schedule: new First<readonly Step[], readonly Step[], Plan, Situation>('schedule', runs, (answer, call) => parse(Steps, answer, call)),
    apply: new First<readonly Applied[], readonly Applied[], Batch, Cycle>('apply', runs, (answer, call) => parse(AppliedList, answer, call)),
    undo: new First<readonly Undone[], readonly Undone[], Undo, Cycle>('undo', runs, (answer, call) => parse(UndoneList, answer, call)),
    persist: new Tell<readonly Applied[], Cycle>('persist', runs),
    observe: new Gather<ObservationsView, ObservationsDraft, StepView>('observe', runs, 'parallel'),
    judge: new Chain<Judgement, Judgement, StepView & { readonly observations: ReturnType<ObservationsDraft['finish']> }>('judge', runs, 'judgement', (answer, previous, call) => {
      const judgement = parse(Judgement, answer, call)
      if (judgement.decision !== previous.decision) call.note(`${previous.decision} -> ${judgement.decision}`)
      return judgement
    }, asIs),
    measure: new First<TrialDraft, TrialResult, TrialRequest, Cycle>('measure', runs, (answer, call) => parse(TrialResult, answer, call)),
    trial: new Tell<Trial, Cycle>('trial', runs),
    evaluate: new Chain<Evaluation, Evaluation, Cycle>('evaluate', runs, 'evaluation', (answer, _previous, call) => parse(Evaluation, answer, call), asIs),
    report: new Tell<RunReport, Reporting>('report', runs),
    tuned: new Tell<TuneReport, Reporting>('tuned', runs),
    learn: new Tell<RunReport | TuneReport, Cycle>('learn', runs),
    explain: new Gather<NotesView, NotesDraft, Cycle>('explain', runs, 'parallel'),
    fault: new Tell<SemantosError, CallContext>('fault', runs),
    dispose: new Tell<null, CallContext>('dispose', runs, true),
  }
}
/** Every hook by its name. */
export type Hooks = ReturnType<typeof createHooks>
/** The name of a hook, as in `time_limits_ms` of a config. */
export type HookName = keyof Hooks

/** Nothing in it is compared with what a tap makes of it. */
const asIs = <T>(value: T): T => value

const Steps = z.array(Step).readonly()
const AppliedList = z.array(Applied).readonly()
const UndoneList = z.array(Undone).readonly()

/**
 * Parses a reasoner's plan and stamps each recommendation with who proposed or changed it. Stamps that a reasoner wrote
 * itself are not believed. The parsed ones are written to, not copied, for the reason that passThrough gives.
 */
function stampPlan(answer: PlanDraft, previous: Plan, call: Call): Plan {
  const draft = parse(PlanDraft, answer, call)
  const before = new Map(previous.recommendations.map((recommendation) => [recommendation.knob, recommendation]))
  const recommendations = draft.recommendations.map((recommendation) => {
    const earlier = before.get(recommendation.knob)
    if (!earlier) {
      call.note(`+${recommendation.knob}`)
      return Object.assign(recommendation, { proposed_by: call.plugin, changed_by: [] })
    }
    const stamped = Object.assign(recommendation, { proposed_by: earlier.proposed_by, changed_by: earlier.changed_by })
    if (JSON.stringify(stamped) === JSON.stringify(earlier)) return earlier
    call.note(`~${recommendation.knob}`)
    return { ...stamped, changed_by: [...earlier.changed_by, call.plugin] }
  })
  const kept = new Set(recommendations.map((recommendation) => recommendation.knob))
  for (const knob of before.keys()) if (!kept.has(knob)) call.note(`-${knob}`)
  return { recommendations, advice: draft.advice }
}
