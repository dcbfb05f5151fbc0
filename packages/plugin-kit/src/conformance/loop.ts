import { type Applied, type Evaluation, type Evidence, type Judgement, type Metric, type Observation, type Plan, type Proposal, type Reading, SemantosError, type Situation, type Snapshot, type Step, type StepView, type TrialResult, type Undone, type Verdict } from '@semantos/core'
import { EvidenceDraft, type HookName, NotesDraft, ObservationsDraft, ReadingsDraft, SnapshotDraft, VerdictDraft, WatchDraft } from '@semantos/core/kernel'
import type { Mounted } from '../mount.js'
import { anotherValue } from './another-value.js'
import type { World } from './world/world.js'

/** What came out of each hook, as the kernel's edge lets it through. */
export interface Answers {
  collect?: Snapshot
  watch?: readonly Metric[]
  retrieve?: Evidence
  read?: readonly Reading[]
  reason?: Plan
  guard?: Verdict
  schedule?: readonly Step[]
  measure?: readonly (TrialResult | undefined)[]
  apply?: readonly Applied[]
  /** The knobs as they stand after `apply`. */
  applied?: readonly Reading[]
  undo?: readonly Undone[]
  /** The knobs as they stand after `undo`. */
  undone?: readonly Reading[]
  observe?: readonly Observation[]
  judge?: Judgement
  evaluate?: Evaluation
  explain?: readonly { readonly topic: string; readonly text: string }[]
}

/** One hook, asked once. */
export interface Ask {
  readonly hook: HookName
  readonly run: () => Promise<void>
}

const NOT_MEASURED: Evaluation = {
  trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing was measured',
}

/** What `semantos plan` asks: it writes nothing. */
const PLANNING: ReadonlySet<HookName> = new Set(['configure', 'start', 'collect', 'retrieve', 'read', 'reason', 'guard', 'schedule', 'explain'])

/** Every hook that the plugin taps, in the order of the loop. A `planning` run ends before anything is applied or measured. */
export function asksOf(kit: Mounted, world: World, root: string, answers: Answers, planning: boolean): Ask[] {
  const { kernel, cycle } = kit
  const { hooks } = kernel
  const situation: Situation = { ...cycle, snapshot: world.snapshot, evidence: world.evidence, current: world.current }
  const proposal: Proposal = { ...situation, plan: world.plan, resulting: resulting(world) }
  const view: StepView = { ...proposal, step: { knobs: knobsOf(world.plan), host_share: 1 }, look: world.look, before: world.before, after: world.after }
  let claims: ReadonlyMap<string, string> = new Map()
  let taken: readonly Applied[] = []

  const read = async () => {
    const draft = await hooks.read.run(new ReadingsDraft([...world.knobs]), cycle)
    claims = draft.claims
    return [...draft.readings.values()]
  }
  /** The knobs that the plugin claims and that can be changed, each to another value. */
  const wanted = (readings: readonly Reading[] = []) =>
    readings.flatMap((reading) => {
      const to = reading.status === 'present' && reading.writable && claims.has(reading.knob) ? anotherValue(cycle.catalogue.get(reading.knob), reading.value) : null
      return reading.status === 'present' && to !== null ? [{ knob: reading.knob, from: reading.value, to }] : []
    })

  const loop: Record<HookName, () => Promise<void>> = {
    // Knobs are checked when they are first asked for.
    configure: async () => void [...kernel.catalogue],
    start: () => hooks.start.run({ planning }, cycle),
    collect: async () => void (answers.collect = (await hooks.collect.run(new SnapshotDraft(), cycle)).finish(kernel.now())),
    watch: async () => void (answers.watch = await (await hooks.watch.run(new WatchDraft(), cycle)).end()),
    retrieve: async () => void (answers.retrieve = (await hooks.retrieve.run(new EvidenceDraft(), { ...cycle, snapshot: world.snapshot })).finish()),
    read: async () => void (answers.read = await read()),
    reason: async () => void (answers.reason = await hooks.reason.run(world.earlier, situation)),
    guard: async () => void (answers.guard = (await hooks.guard.run(new VerdictDraft(), proposal, rethrow)).finish()),
    schedule: async () => void (answers.schedule = (await hooks.schedule.run(world.plan, situation)) ?? []),
    measure: async () => {
      const results: (TrialResult | undefined)[] = []
      for (const request of world.requests) results.push(await hooks.measure.run(request, cycle))
      answers.measure = results
    },
    trial: async () => {
      for (const trial of world.trials) await hooks.trial.run(trial, cycle)
    },
    apply: async () => {
      const changes = wanted(answers.read)
      if (changes.length === 0) return
      // As the kernel does: an applier that fails half-way is asked to take the whole batch back.
      taken = changes.map(({ knob, from, to }) => ({ knob, before: from, wanted: to, stored: to }))
      world.beforeApply(root)
      answers.apply = taken = (await hooks.apply.run({ step: 1, changes }, cycle)) ?? refused('apply')
      answers.applied = await read()
    },
    persist: () => hooks.persist.run(taken.length > 0 ? taken : world.report.steps.flatMap(({ applied }) => applied), cycle),
    observe: async () => void (answers.observe = (await hooks.observe.run(new ObservationsDraft(), view)).finish()),
    judge: async () => void (answers.judge = await hooks.judge.run(world.judgement, { ...view, observations: answers.observe ?? [] })),
    undo: async () => {
      answers.undo = (await hooks.undo.run({ step: 1, applied: taken.toReversed() }, cycle)) ?? refused('undo')
      answers.undone = await read()
    },
    evaluate: async () => void (answers.evaluate = await hooks.evaluate.run(NOT_MEASURED, cycle)),
    report: () => hooks.report.run(world.report, cycle),
    tuned: () => hooks.tuned.run(world.tune, cycle),
    learn: async () => {
      for (const report of [world.report, world.tune]) await hooks.learn.run(report, cycle)
    },
    explain: async () => {
      const notes = []
      for (const knob of world.knobs) notes.push(...(await hooks.explain.run(new NotesDraft(knob), cycle)).finish())
      answers.explain = notes
    },
    fault: () => hooks.fault.run(new SemantosError('SEMANTOS_E_WORKLOAD', { message: 'the workload failed' }), cycle),
    // Asked by the kernel when it is closed.
    dispose: async () => undefined,
  }
  return ORDER.filter((hook) => hooks[hook].taps.length > 0 && (!planning || PLANNING.has(hook))).map((hook) => ({ hook, run: loop[hook] }))
}

const ORDER: readonly HookName[] = [
  'configure', 'start', 'collect', 'watch', 'retrieve', 'read', 'reason', 'guard', 'schedule', 'measure', 'trial', 'apply', 'persist', 'observe', 'judge', 'undo', 'evaluate', 'report', 'tuned', 'learn',
  'explain', 'fault',
]

function knobsOf({ recommendations }: Plan): string[] {
  const knobs = recommendations.map(({ knob }) => knob)
  return knobs.length > 0 ? knobs : ['vm.swappiness']
}

/** Current values with the plan on top. */
function resulting({ current, plan }: World): Proposal['resulting'] {
  const values = Array.from(current.values()).flatMap((reading) => (reading.status === 'present' ? [[reading.knob, reading.value] as const] : []))
  return new Map([...values, ...plan.recommendations.map(({ knob, value }) => [knob, value] as const)])
}

function rethrow(error: SemantosError): never {
  throw error
}

function refused(hook: string): never {
  throw new SemantosError('SEMANTOS_E_PLUGIN_OUTPUT', { message: `the plugin claims knobs in read, but ${hook} answers nothing`, hook })
}
