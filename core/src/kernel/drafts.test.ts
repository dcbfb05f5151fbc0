import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knobOf } from '../../../tests/faults/fake-root.js'
import { failureOf, kernelOf, plugin, proposalOf, situationOf, untyped } from '../../../tests/faults/kernel-of.js'
import type { Applied, Step, Undone } from '../model/change.js'
import type { Evaluation, TrialDraft } from '../model/evaluation.js'
import type { Edge, Trace } from '../model/evidence.js'
import type { Judgement } from '../model/observation.js'
import { PlanDraft } from '../model/plan.js'
import { type HostFacts, Snapshot } from '../model/telemetry.js'
import { EvidenceDraft, KnobsDraft, NotesDraft, ObservationsDraft, ReadingsDraft, SnapshotDraft, VerdictDraft, WatchDraft } from './drafts.js'
import type { Kernel } from './kernel.js'
import type { StageHooks } from './plugin.js'

/** Values that JavaScript can hold and no contract allows. */
const nonsense = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true, withSparseArray: true, withTypedArray: true }),
  fc.constantFrom<unknown>(Number.NaN, Infinity, -0, Symbol('s'), () => 1, new Proxy({}, {}), Object.create(null), new Error('e'), Promise.resolve(1)),
)

interface Handover {
  /** How a tap of this hook hands the value over. */
  readonly tap: (hooks: StageHooks<'any'>, value: unknown) => void
  readonly run: (kernel: Kernel) => Promise<unknown>
}

const view = (kernel: Kernel) => ({ ...proposalOf(kernel), step: { knobs: ['vm.a'], host_share: 1 }, look: 0, before: LOOK, after: LOOK })
const LOOK = { snapshot: { time: '2026-01-01T00:00:00.000Z', host: null, metrics: [], missing: [] }, trials: [] }
const EVALUATION: Evaluation = { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing' }

/** Every place where a plugin hands a value to the kernel. */
const HANDOVERS: Readonly<Record<string, Handover>> = {
  'collect: a metric': { tap: (hooks, value) => hooks.collect.tapPromise('t', async (draft) => draft.add(untyped(value))), run: (kernel) => kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel)) },
  'collect: what is missing': { tap: (hooks, value) => hooks.collect.tapPromise('t', async (draft) => draft.missing(untyped(value))), run: (kernel) => kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel)) },
  'collect: the host': { tap: (hooks, value) => hooks.collect.tapPromise('t', async (draft) => draft.describe(untyped(value))), run: (kernel) => kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel)) },
  'watch: metrics at the end': {
    tap: (hooks, value) => hooks.watch.tapPromise('t', async (draft) => draft.atEnd(() => untyped([value]))),
    run: async (kernel) => (await kernel.hooks.watch.run(new WatchDraft(), situationOf(kernel))).end(),
  },
  'watch: no list at the end': {
    tap: (hooks, value) => hooks.watch.tapPromise('t', async (draft) => draft.atEnd(() => untyped({ value }))),
    run: async (kernel) => (await kernel.hooks.watch.run(new WatchDraft(), situationOf(kernel))).end(),
  },
  'retrieve: an edge': { tap: (hooks, value) => hooks.retrieve.tapPromise('t', async (draft) => draft.edge(untyped(value))), run: (kernel) => kernel.hooks.retrieve.run(new EvidenceDraft(), situationOf(kernel)) },
  'retrieve: a trace': { tap: (hooks, value) => hooks.retrieve.tapPromise('t', async (draft) => draft.trace(untyped(value))), run: (kernel) => kernel.hooks.retrieve.run(new EvidenceDraft(), situationOf(kernel)) },
  'retrieve: a document': { tap: (hooks, value) => hooks.retrieve.tapPromise('t', async (draft) => draft.document(untyped(value))), run: (kernel) => kernel.hooks.retrieve.run(new EvidenceDraft(), situationOf(kernel)) },
  'read: a reading': { tap: (hooks, value) => hooks.read.tapPromise('t', async (draft) => draft.add(untyped(value))), run: (kernel) => kernel.hooks.read.run(new ReadingsDraft([]), situationOf(kernel)) },
  'guard: a violation': { tap: (hooks, value) => hooks.guard.tapPromise('t', async (draft) => draft.violate(untyped(value))), run: (kernel) => kernel.hooks.guard.run(new VerdictDraft(), proposalOf(kernel)) },
  'observe: an observation': { tap: (hooks, value) => hooks.observe.tapPromise('t', async (draft) => draft.add(untyped(value))), run: (kernel) => kernel.hooks.observe.run(new ObservationsDraft(), view(kernel)) },
  'explain: a note': {
    tap: (hooks, value) => hooks.explain.tapPromise('t', async (draft) => draft.note(untyped(value), '')),
    run: (kernel) => kernel.hooks.explain.run(new NotesDraft(knobOf('vm.a')), situationOf(kernel)),
  },
  'configure: a knob': {
    tap: (hooks, value) => hooks.configure.tapPromise('t', async (draft) => draft.knob(untyped(value))),
    run: async (kernel) => [...(await kernel.hooks.configure.run(new KnobsDraft(), kernel.context())).finish()],
  },
  'reason: a plan': { tap: (hooks, value) => hooks.reason.tapPromise('t', async () => untyped<PlanDraft>(value)), run: (kernel) => kernel.hooks.reason.run({ recommendations: [], advice: [] }, situationOf(kernel)) },
  'reason: a recommendation': {
    tap: (hooks, value) => hooks.reason.tapPromise('t', async () => untyped<PlanDraft>({ recommendations: [value] })),
    run: (kernel) => kernel.hooks.reason.run({ recommendations: [], advice: [] }, situationOf(kernel)),
  },
  'schedule: steps': { tap: (hooks, value) => hooks.schedule.tapPromise('t', async () => untyped<Step[]>([value])), run: (kernel) => kernel.hooks.schedule.run({ recommendations: [], advice: [] }, situationOf(kernel)) },
  'apply: what was applied': { tap: (hooks, value) => hooks.apply.tapPromise('t', async () => untyped<Applied[]>([value])), run: (kernel) => kernel.hooks.apply.run({ step: 1, changes: [] }, situationOf(kernel)) },
  'undo: what was undone': { tap: (hooks, value) => hooks.undo.tapPromise('t', async () => untyped<Undone[]>([value])), run: (kernel) => kernel.hooks.undo.run({ step: 1, applied: [] }, situationOf(kernel)) },
  'judge: a judgement': {
    tap: (hooks, value) => hooks.judge.tapPromise('t', async () => untyped<Judgement>(value)),
    run: (kernel) => kernel.hooks.judge.run({ decision: 'promote', reasons: [] }, { ...view(kernel), observations: [] }),
  },
  'measure: a trial': {
    tap: (hooks, value) => hooks.measure.tapPromise('t', async () => untyped<TrialDraft>({ latency: value })),
    run: (kernel) => kernel.hooks.measure.run({ index: 0, renew: [], arm: 'probe', knobs: new Map() }, situationOf(kernel)),
  },
  'evaluate: an evaluation': { tap: (hooks, value) => hooks.evaluate.tapPromise('t', async () => untyped<Evaluation>(value)), run: (kernel) => kernel.hooks.evaluate.run(EVALUATION, situationOf(kernel)) },
}

describe.each(Object.entries(HANDOVERS))('%s', (name, { tap, run }) => {
  const hook = name.split(':')[0]

  test('that is nonsense of any kind is blamed on the plugin that handed it over, and on its hook', async () => {
    await fc.assert(
      fc.asyncProperty(nonsense, async (value) => {
        const quiet = plugin('quiet', 'any', ({ hooks }) => void hooks.start.tapPromise('t', () => undefined))
        const error = await failureOf(
          (async () => {
            await using kernel = await kernelOf([quiet, plugin('guilty', 'any', ({ hooks }) => tap(hooks, value)), quiet])
            await run(kernel)
          })(),
        )
        expect(error).toMatchObject({ name: 'SemantosError', plugin: 'guilty', hook })
        expect(error).toHaveProperty('code', expect.stringMatching(/^SEMANTOS_E_PLUGIN_(OUTPUT|THREW)$/))
      }),
      { numRuns: 40 },
    )
  })
})

describe('a value that hides its nonsense', () => {
  test.each([
    ['a getter that throws', { get recommendations() { throw new Error('gotcha') } }],
    ['a proxy that throws', new Proxy({}, { get: () => { throw new Error('gotcha') } })],
    ['a number that is no number', { recommendations: [recommendation({ value: Number.NaN })] }],
    ['an infinite one', { recommendations: [recommendation({ value: Infinity })] }],
    ['a negative zero', { recommendations: [recommendation({ value: -0 })] }],
    ['more than JavaScript can count', { recommendations: [recommendation({ value: 2 ** 53 })] }],
    ['a control character', { recommendations: [recommendation({ value: 'always\n' })] }],
    ['a path', { recommendations: [recommendation({ knob: 'vm/../../etc/passwd' })] }],
    ['a path behind a knob', { recommendations: [recommendation({ knob: 'net.core.somaxconn/../x' })] }],
    ['a list that never ends', { recommendations: Array.from({ length: 1001 }, (_, index) => recommendation({ knob: `vm.a${index}` })) }],
    ['an uncertainty above 1', { recommendations: [recommendation({ uncertainty: 1.1 })] }],
    ['a key that nobody knows', { recommendations: [recommendation({ dangerous: true })] }],
    ['a rationale without words', { recommendations: [recommendation({ rationale: '' })] }],
  ])('is found out: %s', async (_, plan) => {
    await using kernel = await kernelOf([plugin('sly', 'reasoning', ({ hooks }) => hooks.reason.tapPromise('t', async () => untyped<PlanDraft>(plan)))])
    expect(await failureOf(kernel.hooks.reason.run({ recommendations: [], advice: [] }, situationOf(kernel)))).toMatchObject({ plugin: 'sly', hook: 'reason' })
  })

  test('a plan is copied: changing it after handing it over changes nothing', async () => {
    const plan = { recommendations: [recommendation({ value: 1 })] }
    await using kernel = await kernelOf([plugin('sly', 'reasoning', ({ hooks }) => hooks.reason.tapPromise('t', async () => untyped<PlanDraft>(plan)))])
    const result = await kernel.hooks.reason.run({ recommendations: [], advice: [] }, situationOf(kernel))
    Object.assign(plan.recommendations[0] ?? {}, { knob: 'vm.other', value: 99 })
    expect(result.recommendations[0]).toMatchObject({ knob: 'vm.a', value: 1 })
  })
})

function recommendation(part: Record<string, unknown>): Record<string, unknown> {
  return { knob: 'vm.a', value: 1, rationale: 'r', expected: { metric: 'm', change_pct: -1 }, uncertainty: 0, ...part }
}

describe('what parallel taps add is the same whoever is faster', () => {
  const facts = (name: string): HostFacts => ({
    name, kernel: '6.18', boot_id: null, cpu_model: 'cpu', cpus: 1, numa_nodes: 1, memory_bytes: 1, swap_bytes: 0, block_devices: [], net_devices: [], virtualization: 'none',
  })
  const edge = (weight: number): Edge => ({ from: 'vm.a', to: 'vm.b', kind: 'depends_on', weight, evidence_count: 1, source: 's', updated: null })
  const trace = (workload: string): Trace => ({ id: 'same', time: '2026-01-01T00:00:00Z', host: {}, workload, metrics: {}, actions: [], improvement_pct: null, verdict: 'v' })

  test.each([[['a', 'b']], [['b', 'a']]])('%s', async (order) => {
    const plugins = order.map((name) =>
      plugin(name, 'any', ({ hooks }) => {
        hooks.collect.tapPromise('t', (draft) => {
          draft.describe(facts(name))
          draft.add({ name: `m.${name}`, value: 1, unit: 'count' })
          draft.missing({ name: 'same', reason: name })
        })
        hooks.retrieve.tapPromise('t', (draft) => {
          draft.edge(edge(name === 'a' ? 0.1 : 0.9))
          draft.trace(trace(name))
        })
        hooks.observe.tapPromise('t', (draft) => draft.add({ name: 'p95_ms', unit: 'ms', before: null, after: 1 }))
      }),
    )
    await using kernel = await kernelOf(plugins)
    const snapshot = (await kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel))).finish(kernel.now())
    expect(Snapshot.parse(snapshot)).toEqual(snapshot)
    expect(snapshot.host?.name).toBe('a')
    expect(snapshot.missing.map(({ source }) => source)).toEqual(['a', 'b'])
    const evidence = (await kernel.hooks.retrieve.run(new EvidenceDraft(), situationOf(kernel))).finish()
    expect(evidence.edges.map(({ weight }) => weight)).toEqual([0.1, 0.9])
    expect(evidence.traces.map(({ workload }) => workload)).toEqual(['a', 'b'])
    const observations = (await kernel.hooks.observe.run(new ObservationsDraft(), view(kernel))).finish()
    expect(observations.map(({ source }) => source)).toEqual(['a', 'b'])
  })
})

describe('a watch', () => {
  const watcher = (name: string, finish: () => { name: string; value: number; unit: string }[]) => plugin(name, 'telemetry', ({ hooks }) => hooks.watch.tapPromise('t', (draft) => draft.atEnd(finish)))

  test('ends with what each telemetry plugin counted, stamped', async () => {
    let count = 0
    await using kernel = await kernelOf([watcher('b', () => [{ name: 'count', value: count, unit: 'count' }]), watcher('a', () => [{ name: 'load', value: 1, unit: 'count' }])])
    const draft = await kernel.hooks.watch.run(new WatchDraft(), situationOf(kernel))
    count = 7
    expect(await draft.end()).toEqual([{ name: 'count', value: 7, unit: 'count', source: 'b' }, { name: 'load', value: 1, unit: 'count', source: 'a' }])
  })

  test('waits for an end that takes time, and cuts off one that hangs', async () => {
    await using kernel = await kernelOf([plugin('slow', 'telemetry', ({ hooks }) => hooks.watch.tapPromise('t', (draft) => draft.atEnd(async () => {
      await sleep(5)
      return [{ name: 'load', value: 1, unit: 'count' }]
    })))])
    const draft = await kernel.hooks.watch.run(new WatchDraft(), situationOf(kernel))
    expect(await draft.end()).toEqual([{ name: 'load', value: 1, unit: 'count', source: 'slow' }])

    let signal: AbortSignal | null = null
    await using hung = await kernelOf([plugin('hung', 'telemetry', ({ hooks }) => hooks.watch.tapPromise('t', (draft, context) => {
      signal = context.signal
      draft.atEnd(() => new Promise(() => undefined))
    }))], { timeLimitsMs: { default: 50 } })
    await expect((await hung.hooks.watch.run(new WatchDraft(), situationOf(hung))).end()).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT', plugin: 'hung', hook: 'watch' })
    expect(signal).toMatchObject({ aborted: true })
  })

  test('blames the plugin whose end throws', async () => {
    const broken = watcher('broken', () => {
      throw new Error('gone')
    })
    await using kernel = await kernelOf([broken])
    const draft = await kernel.hooks.watch.run(new WatchDraft(), situationOf(kernel))
    await expect(draft.end()).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_THREW', plugin: 'broken', hook: 'watch', message: 'broken failed in watch: gone' })
  })
})

test('the plan schema says which knob is recommended twice, and where it was first', () => {
  const plan = PlanDraft.safeParse({ recommendations: [recommendation({}), recommendation({ knob: 'vm.b' }), recommendation({})] })
  expect(plan.error?.issues).toMatchObject([{ path: ['recommendations', 2], message: 'vm.a is recommended twice, here and at recommendations[0]; change that one instead of adding another' }])
})

test('the plan schema takes what a reasoner was given beside what it adds', () => {
  expect(PlanDraft.parse({ recommendations: [recommendation({ proposed_by: 'p', changed_by: [] })] }).recommendations).toHaveLength(1)
})
