import type { RunReport } from '@semantos/core'
import { runCycle } from '../cycle/cycle.js'
import type { RunSettings } from '../cycle/settings.js'
import type { EngineRun } from '../run/engine-run.js'
import { mustPersist, persist } from '../run/persist.js'

/** One pass through the loop. */
export interface RunRequest {
  /** Trials before and after; the config's without it. */
  readonly trials?: number
  /** Permission to change values of the running kernel; the run must have been begun with it as well. */
  readonly apply?: boolean
  /** With it, values stay only if they are confirmed within this time. */
  readonly confirmWithinMs?: number
  /** Make values outlive a reboot. */
  readonly persist?: boolean
}

/** Looks, reasons, asks guardrails, applies, watches and evaluates; commits what was applied. */
export async function runOnce(run: EngineRun, request: RunRequest = {}): Promise<RunReport> {
  return carryThrough(run, request, { apply: request.apply ?? false, plan: null, trials: request.trials ?? run.engine.config.trials })
}

/** The loop with what comes before and after it: what can be refused is refused first, and what was applied is persisted and committed. */
export async function carryThrough(
  run: EngineRun,
  { confirmWithinMs, persist: persists = false }: Pick<RunRequest, 'confirmWithinMs' | 'persist'>,
  { apply, plan, trials }: Pick<RunSettings, 'apply' | 'plan' | 'trials'>,
): Promise<RunReport> {
  const { engine: { kernel, config }, id, seed, emit } = run
  run.mustBeConfirmable(confirmWithinMs)
  if (persists) mustPersist(run)
  const settle = async ({ steps }: RunReport) => {
    if (persists) await persist(run, steps.flatMap(({ applied }) => applied))
    run.commit(confirmWithinMs)
  }
  const report = await runCycle(kernel, { run: id, seed, trials, knobs: config.knobs, slo: config.slo, apply, planning: false, plan, settle, emit }, run.kernelRun)
  emit({ type: 'done', outcome: report.outcome })
  return report
}
