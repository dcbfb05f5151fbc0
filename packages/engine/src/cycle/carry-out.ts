import type { Change, Evaluation, Knob, Look, Outcome, Proposal, Step, StepReport, TrialResult, Undone } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'
import { median } from '@semantos/stats'
import type { Rollout } from './rollout.js'
import type { RunSettings } from './settings.js'
import { runArm } from './trials.js'

export const NOT_MEASURED: Evaluation = {
  trials: 0,
  baseline_p95_ms: null,
  tuned_p95_ms: null,
  improvement_pct: null,
  interval_pct: null,
  p_value: null,
  verdict: 'not measured',
  words: 'nothing was measured',
}

/** A plan that may be applied, cut into steps. */
export interface Undertaking {
  readonly kernel: Kernel
  readonly settings: RunSettings
  readonly proposal: Proposal
  readonly scope: readonly Knob[]
  readonly rollout: Rollout
  readonly steps: readonly Step[]
  readonly changes: readonly Change[]
}

/** What became of it. */
export interface Done {
  readonly outcome: Outcome
  readonly steps: readonly StepReport[]
  readonly undone: readonly Undone[]
  readonly postP95Ms: number | null
  readonly evaluation: Evaluation
}

/** Baseline, the steps one by one, and what stands afterwards. */
export async function carryOut({ kernel, settings, proposal, scope, rollout, steps, changes }: Undertaking): Promise<Done> {
  const measured = proposal.workload !== null
  const reports: StepReport[] = []
  let undone: readonly Undone[] | null = null
  let postP95Ms: number | null = null
  let before: Look = { snapshot: proposal.snapshot, trials: measured ? await runArm(kernel, proposal, settings, scope, 'baseline') : [] }
  for (const [index, step] of steps.entries()) {
    const inStep = step.knobs.flatMap((knob) => changes.filter((change) => change.knob === knob))
    const { after, ...report } = await rollout.step(index + 1, step, inStep, before, measured)
    reports.push(report)
    postP95Ms = medianP95(after.trials)
    if (report.judgement.decision === 'roll back') {
      undone = await rollout.undoAll()
      break
    }
    before = after
  }
  if (measured) await runArm(kernel, proposal, settings, scope, 'tuned')
  const evaluation = await kernel.hooks.evaluate.run(NOT_MEASURED, proposal)
  if (evaluation.verdict === 'worse') undone ??= await rollout.undoAll()
  return { outcome: undone ? 'rolled back' : 'applied', steps: reports, undone: undone ?? [], postP95Ms, evaluation }
}

function medianP95(trials: readonly TrialResult[]): number | null {
  return trials.length === 0 ? null : median(trials.map(({ latency }) => latency.p95_ms))
}
