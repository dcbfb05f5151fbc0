import type { PlanFile, RunReport } from '@semantos/core'
import { runCycle } from '../cycle/cycle.js'
import { planFileOf } from '../plan/plan-file.js'
import type { EngineRun } from '../run/engine-run.js'

/** What would change and why, and the same as a plan that can be applied later. Nothing is written. */
export async function plan(run: EngineRun): Promise<{ readonly report: RunReport; readonly plan: PlanFile }> {
  const { engine: { kernel, config }, id, seed, emit } = run
  const report = await runCycle(kernel, { run: id, seed, trials: config.trials, knobs: config.knobs, slo: config.slo, apply: false, planning: true, plan: null, settle: async () => undefined, emit }, run.kernelRun)
  return { report, plan: planFileOf(report, run.engine) }
}
