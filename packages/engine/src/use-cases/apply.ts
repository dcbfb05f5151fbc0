import type { PlanFile, PlannedChange, Recommendation, RunReport } from '@semantos/core'
import { readKnobs } from '../cycle/knobs.js'
import { mustReach, mustStillFit } from '../plan/plan-staleness.js'
import type { EngineRun } from '../run/engine-run.js'
import { carryThrough, type RunRequest } from './run.js'

/** How a plan is applied. */
export interface ApplyRequest extends Pick<RunRequest, 'confirmWithinMs' | 'persist'> {
  /** The plan's name in messages: its file. */
  readonly name: string
  /** Asked once the plan is known to fit, and before anything is written; throws to refuse. */
  readonly approve: (plan: PlanFile) => Promise<void>
}

/** Applies a plan that was made before. Throws SEMANTOS_E_PLAN_STALE where the host has changed since. */
export async function applyPlan(run: EngineRun, plan: PlanFile, { name, approve, ...request }: ApplyRequest): Promise<RunReport> {
  const { engine } = run
  const knobs = plan.changes.flatMap(({ knob }) => engine.kernel.catalogue.get(knob) ?? [])
  const { readings } = await readKnobs(engine.kernel, run.cycle(), knobs)
  mustReach(name, plan, engine, readings)
  mustStillFit(name, plan, engine, readings, run.cycle().now())
  await approve(plan)
  return carryThrough(run, request, { apply: true, plan: { recommendations: plan.changes.map(recommendationOf), advice: [] }, trials: engine.config.trials })
}

/** What the loop applies is what the plan shows: there is no second list of values. */
function recommendationOf({ from: _from, to, risk: _risk, takes_effect: _effect, survives_reboot: _lasts, ...recommendation }: PlannedChange): Recommendation {
  return { ...recommendation, value: to }
}
