import { type Cycle, isSemantosError, messageOf, type Proposal, type RunReport, SemantosError, type Situation } from '@semantos/core'
import { EvidenceDraft, type Kernel, type KernelRun, SnapshotDraft } from '@semantos/core/kernel'
import { NOT_MEASURED, carryOut } from './carry-out.js'
import { judgePlan } from './judge-plan.js'
import { changesOf, isLive, readKnobs, resultingValues } from './knobs.js'
import { pluginVersion } from './plugin-version.js'
import { publishTogether } from './publish-together.js'
import { refuseSandbox } from './refuse-sandbox.js'
import { Rollout } from './rollout.js'
import { schedule } from './schedule.js'
import type { RunSettings } from './settings.js'

/** One run. Whatever fails is told to the `fault` hook. */
export async function runCycle(kernel: Kernel, settings: RunSettings, run: KernelRun = kernel.begin()): Promise<RunReport> {
  const cycle: Cycle = Object.assign({ run: settings.run, seed: settings.seed, slo: settings.slo, catalogue: kernel.catalogue }, run.context())
  try {
    return await passThrough(kernel, settings, cycle)
  } catch (error) {
    if (isSemantosError(error)) {
      if (error.plugin !== null) settings.emit({ type: 'plugin-health', plugin: error.plugin, hook: error.hook, code: error.code })
      await kernel.hooks.fault.settle(error, cycle)
    }
    throw error
  }
}

/**
 * One pass through the loop of the SemantOS paper (Algorithm 1), a line a stage. Contexts grow by Object.assign: after a copy by
 * `...`, V8 makes a hidden class for each field added, which lasts until its next full collection.
 */
async function passThrough(kernel: Kernel, settings: RunSettings, cycle: Cycle): Promise<RunReport> {
  const scope = kernel.catalogue.matching(settings.knobs)
  await kernel.hooks.start.run({ planning: settings.planning }, cycle)
  const snapshot = (await kernel.hooks.collect.run(new SnapshotDraft(), cycle)).finish(cycle.now())
  const evidence = (await kernel.hooks.retrieve.run(new EvidenceDraft(), Object.assign({ snapshot }, cycle))).finish()
  const state = await readKnobs(kernel, cycle, scope)
  if (!settings.planning) refuseSandbox(kernel.plugins, state)
  const situation: Situation = Object.assign({ snapshot, evidence, current: state.readings }, cycle)
  const plan = settings.plan ?? (await kernel.hooks.reason.run({ recommendations: [], advice: [] }, situation))
  const proposal: Proposal = Object.assign({ plan, resulting: resultingValues(state, plan) }, situation)
  const verdict = await judgePlan(kernel, proposal, scope)
  const changes = verdict.allowed ? changesOf(plan, state) : []
  const steps = changes.length > 0 ? await schedule(kernel, situation, plan, changes) : []
  const mayApply = !settings.planning && (settings.apply || changes.every(({ knob }) => !isLive(state, knob)))
  const rollout = new Rollout(kernel, proposal, scope, state.claims, settings.emit)
  try {
    const done = mayApply && steps.length > 0 ? await carryOut({ kernel, settings, proposal, scope, rollout, steps, changes }) : null
    const report: RunReport = {
      schema_version: 1,
      run: settings.run,
      time: cycle.now().toISOString(),
      seed: settings.seed,
      workload: cycle.workload,
      slo: settings.slo,
      outcome: done?.outcome ?? (!verdict.allowed ? 'refused' : changes.length === 0 ? 'nothing to do' : 'dry run'),
      snapshot,
      evidence,
      readings: plan.recommendations.flatMap(({ knob }) => state.readings.get(knob) ?? []),
      plan,
      verdict,
      changes,
      steps: done?.steps ?? steps.map((step) => ({ step, applied: [], observations: [], judgement: { decision: 'hold', reasons: ['not applied'] } })),
      undone: done?.undone ?? [],
      post_p95_ms: done?.postP95Ms ?? null,
      evaluation: done?.evaluation ?? NOT_MEASURED,
      plugins: kernel.plugins.map((plugin) => ({ name: plugin.id, stage: plugin.stage, version: pluginVersion(plugin) })),
    }
    const learn = async () => {
      if (!done) return
      if (report.outcome === 'applied') await settings.settle(report)
      await kernel.hooks.learn.run(report, cycle)
    }
    if (!settings.planning) await publishTogether(cycle, (context) => kernel.hooks.report.run(report, context), learn)
    return report
  } catch (error) {
    throw await takenBack(rollout, error)
  }
}

/** A run that fails leaves nothing applied, also when it fails in its last report. Returns what is to be thrown. */
async function takenBack(rollout: Rollout, error: unknown): Promise<unknown> {
  try {
    await rollout.undoAll()
    return error
  } catch (undoError) {
    return new SemantosError('SEMANTOS_E_UNDO_FAILED', { message: `${messageOf(undoError)}; the run had failed before: ${messageOf(error)}`, cause: error })
  }
}
