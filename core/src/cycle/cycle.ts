import type { Cycle, Look, Proposal, Situation } from '../kernel/contexts.js'
import { EvidenceDraft, SnapshotDraft } from '../kernel/drafts.js'
import { SemantosError, isSemantosError, messageOf } from '../kernel/errors.js'
import type { Kernel } from '../kernel/kernel.js'
import type { Change, Step, Undone } from '../model/change.js'
import type { Evaluation, TrialResult } from '../model/evaluation.js'
import type { Knob } from '../model/knob.js'
import type { Plan } from '../model/plan.js'
import type { Outcome, RunReport, StepReport } from '../model/run.js'
import { judgePlan } from './judge-plan.js'
import { changesOf, isLive, readKnobs, resultingValues } from './knobs.js'
import { pluginVersion } from './plugin-version.js'
import { publishTogether } from './publish-together.js'
import { Rollout } from './rollout.js'
import type { RunSettings } from './settings.js'
import { runArm } from './trials.js'

const NOT_MEASURED: Evaluation = {
  trials: 0,
  baseline_p95_ms: null,
  tuned_p95_ms: null,
  improvement_pct: null,
  interval_pct: null,
  p_value: null,
  verdict: 'not measured',
  words: 'nothing was measured',
}

/** One run. Whatever fails is told to the `fault` hook. */
export async function runCycle(kernel: Kernel, settings: RunSettings): Promise<RunReport> {
  const cycle: Cycle = Object.assign({ run: settings.run, seed: settings.seed, slo: settings.slo, catalogue: kernel.catalogue }, kernel.context())
  try {
    return await passThrough(kernel, settings, cycle)
  } catch (error) {
    if (isSemantosError(error)) await kernel.hooks.fault.settle(error, cycle)
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
  const snapshot = (await kernel.hooks.collect.run(new SnapshotDraft(), cycle)).finish(kernel.now())
  const evidence = (await kernel.hooks.retrieve.run(new EvidenceDraft(), Object.assign({ snapshot }, cycle))).finish()
  const state = await readKnobs(kernel, cycle, scope)
  const situation: Situation = Object.assign({ snapshot, evidence, current: state.readings }, cycle)
  const plan = settings.plan ?? (await kernel.hooks.reason.run({ recommendations: [], advice: [] }, situation))
  const proposal: Proposal = Object.assign({ plan, resulting: resultingValues(state, plan) }, situation)
  const verdict = await judgePlan(kernel, proposal, scope)
  const changes = verdict.allowed ? changesOf(plan, state) : []
  const steps = changes.length > 0 ? await schedule(kernel, situation, plan, changes) : []
  const mayApply = !settings.planning && (settings.apply || changes.every(({ knob }) => !isLive(state, knob)))
  const rollout = new Rollout(kernel, proposal, scope, state.claims)
  try {
    const done = mayApply && steps.length > 0 ? await carryOut(kernel, settings, proposal, scope, rollout, steps, changes) : null
    const report: RunReport = {
      schema_version: 1,
      run: settings.run,
      time: kernel.now().toISOString(),
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
    const learn = async () => void (done && (await kernel.hooks.learn.run(report, cycle)))
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

/** Steps over the knobs that really change. Every change stands in exactly one step, or nothing is applied. */
async function schedule(kernel: Kernel, situation: Situation, plan: Plan, changes: readonly Change[]): Promise<readonly Step[]> {
  const changing = new Set(changes.map(({ knob }) => knob))
  const reduced = { ...plan, recommendations: plan.recommendations.filter(({ knob }) => changing.has(knob)) }
  const steps = (await kernel.hooks.schedule.run(reduced, situation)) ?? []
  const scheduled = steps.flatMap(({ knobs }) => knobs)
  const wrong = [
    ...[...changing].filter((knob) => !scheduled.includes(knob)).map((knob) => `${knob} is in no step`),
    ...scheduled.filter((knob, index) => scheduled.indexOf(knob) !== index).map((knob) => `${knob} is there twice`),
    ...scheduled.filter((knob) => !changing.has(knob)).map((knob) => `${knob} does not change`),
  ]
  if (wrong.length === 0) return steps
  const plugin = [...new Set(kernel.hooks.schedule.taps.map((tap) => tap.plugin))].join(' or ')
  throw new SemantosError('SEMANTOS_E_PLUGIN_OUTPUT', { message: `the rollout does not schedule each change exactly once: ${wrong.join('; ')}`, plugin: plugin || null, hook: 'schedule' })
}

interface Done {
  readonly outcome: Outcome
  readonly steps: readonly StepReport[]
  readonly undone: readonly Undone[]
  readonly postP95Ms: number | null
  readonly evaluation: Evaluation
}

/** Baseline, the steps one by one, and what stands afterwards. */
async function carryOut(kernel: Kernel, settings: RunSettings, proposal: Proposal, scope: readonly Knob[], rollout: Rollout, steps: readonly Step[], changes: readonly Change[]): Promise<Done> {
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
  const sorted = trials.map(({ latency }) => latency.p95_ms).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
