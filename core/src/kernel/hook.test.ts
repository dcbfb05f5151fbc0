import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { failureOf, kernelOf, plugin, proposalOf, situationOf, untyped } from '../../../tests/faults/kernel-of.js'
import { knobOf } from '../../../tests/faults/fake-root.js'
import type { Plan, RecommendationDraft } from '../model/plan.js'
import type { Evaluation, TrialDraft } from '../model/evaluation.js'
import { KnobsDraft, NotesDraft, ReadingsDraft, SnapshotDraft, VerdictDraft, type VerdictView } from './drafts.js'

const metric = (name: string, value = 1) => ({ name, value, unit: 'count' })
const present = (knob: string, value = 1) => ({ status: 'present' as const, knob, text: String(value), value, writable: true, live: false })
const recommend = (knob: string, value = 1): RecommendationDraft => ({ knob, value, rationale: 'a test', expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.1 })
const NO_PLAN: Plan = { recommendations: [], advice: [] }
const TRIAL: TrialDraft = { latency: { p50_ms: 1, p95_ms: 2, p99_ms: 3, max_ms: 4 }, throughput_per_s: 1, requests: 1, errors: 0, counters: {} }
const REQUEST = { index: 0, renew: [], arm: 'probe', knobs: new Map() } as const
const EVALUATION: Evaluation = { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing' }

describe('a parallel hook', () => {
  test('stamps what each tap adds with its plugin, ordered by name', async () => {
    await using kernel = await kernelOf([
      plugin('b', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', async (snapshot) => snapshot.add(metric('z.last')))),
      plugin('a', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', async (snapshot) => snapshot.add(metric('a.first')))),
    ])
    const snapshot = (await kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel))).finish(kernel.now())
    expect(snapshot.metrics.map(({ name, source }) => [name, source])).toEqual([['a.first', 'a'], ['z.last', 'b']])
    expect(snapshot.time).toBe('2026-01-01T00:00:00.000Z')
  })

  test('does not let a plugin write the stamp itself', async () => {
    await using kernel = await kernelOf([plugin('liar', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', (snapshot) => snapshot.add({ ...metric('load'), ...{ source: 'somebody-else' } })))])
    expect(await failureOf(kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel)))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OUTPUT', plugin: 'liar' })
  })

  test.each([
    ['without a unit', { name: 'x.y', value: 1 }, "a handed over a value that breaks the contract of collect, 'x.y':\n✖ is missing\n  → at unit"],
    ['whose value is a word', { name: 'x.y', value: '12', unit: 'ms' }, "a handed over a value that breaks the contract of collect, 'x.y':\n✖ Invalid input: expected number, received string\n  → at value"],
    ['without a name', { value: 1, unit: 'ms' }, 'a handed over a value that breaks the contract of collect:\n✖ is missing\n  → at name'],
  ])('says which metric it is that comes %s', async (_, metric, message) => {
    await using kernel = await kernelOf([plugin('a', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', (snapshot) => snapshot.add(untyped(metric))))])
    expect(await failureOf(kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel)))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OUTPUT', message })
  })

  test('says once that what a tap returns is not read', async () => {
    const logged: string[] = []
    const returning = plugin('a', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', async () => untyped<undefined>(metric('load'))))
    await using kernel = await kernelOf([returning], { log: (who, message) => void logged.push(`${who}: ${message}`) })
    for (const _ of [1, 2]) await kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel))
    expect(logged).toEqual(['a: return value of its tap of collect ignored; call the methods of the first argument instead, such as snapshot.add()'])
  })

  test('runs its taps side by side', async () => {
    const running: string[] = []
    const side = (name: string) =>
      plugin(name, 'telemetry', ({ hooks }) =>
        hooks.collect.tapPromise('t', async () => {
          running.push(`${name} in`)
          await sleep(5)
          running.push(`${name} out`)
        }),
      )
    await using kernel = await kernelOf([side('a'), side('b')])
    await kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel))
    expect(running.slice(0, 2)).toEqual(['a in', 'b in'])
  })

  test('a failure stops none of the others, and the first in tap order is thrown when all have ended', async () => {
    const ended: string[] = []
    const failing = (name: string, ms: number) =>
      plugin(name, 'telemetry', ({ hooks }) =>
        hooks.collect.tapPromise('t', async () => {
          await sleep(ms)
          ended.push(name)
          throw new Error(`${name} broke`)
        }),
      )
    await using kernel = await kernelOf([failing('slow', 20), failing('fast', 1), plugin('ok', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', async () => void ended.push('ok')))])
    const error = await failureOf(kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel)))
    expect(error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_THREW', plugin: 'slow', hook: 'collect', message: 'slow failed in collect: slow broke' })
    expect(ended).toEqual(['ok', 'fast', 'slow'])
  })

  test.each([
    ['first', 0, 10],
    ['last', 10, 0],
  ])('a metric added twice names both plugins the same way, whichever is %s', async (_, msOfA, msOfB) => {
    const adding = (name: string, ms: number) =>
      plugin(name, 'telemetry', ({ hooks }) =>
        hooks.collect.tapPromise('t', async (snapshot) => {
          await sleep(ms)
          snapshot.add(metric('load'))
        }),
      )
    await using kernel = await kernelOf([adding('a', msOfA), adding('b', msOfB)])
    expect(await failureOf(kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel)))).toMatchObject({
      code: 'SEMANTOS_E_METRIC_DUPLICATE',
      message: 'metric load was added twice, by a and b',
      plugin: 'a and b',
      hook: 'collect',
    })
  })

  test('a metric added twice by one plugin names it once', async () => {
    await using kernel = await kernelOf([
      plugin('a', 'telemetry', ({ hooks }) =>
        hooks.collect.tapPromise('t', (snapshot) => {
          snapshot.add(metric('load'))
          snapshot.add(metric('load', 2))
        }),
      ),
    ])
    expect(await failureOf(kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel)))).toMatchObject({ message: 'metric load was added twice, by a' })
  })

  test('a knob defined twice fails the start, naming both plugins', async () => {
    const defining = (name: string) => plugin(name, 'knowledge', ({ hooks }) => hooks.configure.tapPromise('t', (knobs) => knobs.knob(knobOf('vm.swappiness'))))
    expect(await failureOf(kernelOf([defining('b'), defining('a')]))).toMatchObject({ code: 'SEMANTOS_E_KNOB_DUPLICATE', message: 'knob vm.swappiness was added twice, by a and b', hook: 'configure' })
  })

  test('a knob that breaks the contract is blamed on its plugin when it is first used', async () => {
    const broken = { ...knobOf('vm.swappiness'), risk: 'none at all' }
    await using kernel = await kernelOf([plugin('k', 'knowledge', ({ hooks }) => hooks.configure.tapPromise('t', (knobs) => knobs.knob(untyped(broken))))])
    expect(kernel.catalogue.names).toEqual(['vm.swappiness'])
    expect(() => kernel.catalogue.get('vm.swappiness')).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_PLUGIN_OUTPUT', plugin: 'k', hook: 'configure' }))
  })

  test('notes on a knob are stamped and ordered by topic', async () => {
    const noting = (name: string, topic: string) => plugin(name, 'reasoning', ({ hooks }) => hooks.explain.tapPromise('t', (notes) => notes.note(topic, `about ${notes.knob.name}`)))
    await using kernel = await kernelOf([noting('b', 'rule 2'), noting('a', 'rule 1')])
    const notes = (await kernel.hooks.explain.run(new NotesDraft(knobOf('vm.swappiness')), situationOf(kernel))).finish()
    expect(notes).toEqual([
      { topic: 'rule 1', text: 'about vm.swappiness', source: 'a' },
      { topic: 'rule 2', text: 'about vm.swappiness', source: 'b' },
    ])
  })
})

describe('guards', () => {
  const guard = (name: string, judge: (verdict: VerdictView) => void | Promise<void>) =>
    plugin(name, 'guardrails', ({ hooks }) => hooks.guard.tapPromise('t', judge))
  const judged = async (...guards: ReturnType<typeof guard>[]) => {
    await using kernel = await kernelOf(guards, { timeLimitsMs: { default: 5000, guard: 20 } })
    const draft = new VerdictDraft()
    await kernel.hooks.guard.run(draft, proposalOf(kernel), (failure) => draft.failed(failure))
    return draft.finish()
  }
  const silent = guard('silent', () => undefined)

  test('allow a plan when none of them objects', async () => {
    expect(await judged(silent, guard('other', async () => undefined))).toEqual({ allowed: true, guards: ['other', 'silent'], violations: [] })
  })

  test('one violation is a veto, stamped with its guard; the others still run', async () => {
    const verdict = await judged(guard('strict', (view) => view.violate({ rule: 'r', knob: null, message: 'no', fix: 'do not' })), silent)
    expect(verdict).toEqual({ allowed: false, guards: ['silent', 'strict'], violations: [{ guard: 'strict', rule: 'r', knob: null, message: 'no', fix: 'do not' }] })
  })

  test.each([
    ['throws', () => Promise.reject(new Error('oh')), 'broken failed in guard: oh'],
    ['hangs', () => new Promise<void>(() => undefined), 'broken timed out in hook guard after 20 ms'],
    ['objects in a way that breaks the contract', (view: VerdictView) => view.violate(untyped({ rule: '' })), 'broken handed over a value that breaks the contract of guard'],
  ])('a guard that %s is a veto, and the others still run', async (_, judge, words) => {
    const after: string[] = []
    const verdict = await judged(guard('broken', judge), guard('later', () => void after.push('ran')))
    expect(verdict).toMatchObject({ allowed: false, guards: ['broken', 'later'], violations: [{ guard: 'broken', rule: 'guard_failed', knob: null }] })
    expect(verdict.violations[0]?.message).toContain(`the guardrail failed, which is a veto: ${words}`)
    expect(verdict.violations[0]?.fix).not.toBe('')
    expect(after).toEqual(['ran'])
  })

  test('a guard that fails with a page of text is still a violation of legal length', async () => {
    const verdict = await judged(guard('wordy', () => Promise.reject(new Error('x'.repeat(5000)))))
    expect(verdict.violations[0]?.message).toHaveLength(1000)
  })
})

describe('the read hook', () => {
  const applier = (name: string, mine: (knob: string) => boolean, seen: string[][] = []) =>
    plugin(name, 'applier', ({ hooks }) =>
      hooks.read.tapPromise('t', async (readings) => {
        seen.push(readings.knobs.map((knob) => knob.name))
        for (const knob of readings.knobs) if (mine(knob.name)) readings.add(present(knob.name))
      }),
    )
  const knobs = [knobOf('vm.a'), knobOf('vm.b'), knobOf('vm.c')]

  test('asks appliers in turn; the first that answers for a knob claims it', async () => {
    const asked: string[][] = []
    await using kernel = await kernelOf([applier('one', (knob) => knob === 'vm.a', asked), applier('two', () => true, asked)])
    const { claims } = await kernel.hooks.read.run(new ReadingsDraft(knobs), situationOf(kernel))
    expect([...claims]).toEqual([['vm.a', 'one'], ['vm.b', 'two'], ['vm.c', 'two']])
    expect(asked).toEqual([['vm.a', 'vm.b', 'vm.c'], ['vm.b', 'vm.c']])
  })

  test('a knob answered for on one device is claimed on all', async () => {
    const perDevice = plugin('disks', 'applier', ({ hooks }) =>
      hooks.read.tapPromise('t', (readings) => {
        readings.add(present('vm.a[x]'))
        readings.add(present('vm.a[y]', 2))
      }),
    )
    await using kernel = await kernelOf([perDevice, applier('rest', () => true)])
    const { claims } = await kernel.hooks.read.run(new ReadingsDraft(knobs), situationOf(kernel))
    expect(Object.fromEntries(claims)).toEqual({ 'vm.a[x]': 'disks', 'vm.a[y]': 'disks', 'vm.b': 'rest', 'vm.c': 'rest' })
  })

  test('an answer for a knob that was not asked for is refused', async () => {
    const greedy = plugin('greedy', 'applier', ({ hooks }) => hooks.read.tapPromise('t', (readings) => readings.add(present('vm.zzz'))))
    await using kernel = await kernelOf([greedy])
    const error = await failureOf(kernel.hooks.read.run(new ReadingsDraft(knobs), situationOf(kernel)))
    expect(error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OUTPUT', plugin: 'greedy', hook: 'read' })
    expect(String(error)).toContain('answers for vm.zzz, which it was not asked for')
  })

  test('nobody can take over a knob that an earlier applier has claimed', async () => {
    const second = plugin('second', 'applier', ({ hooks }) => hooks.read.tapPromise('t', (readings) => readings.add(present('vm.a', 9))))
    await using kernel = await kernelOf([applier('first', () => true), second])
    expect(await failureOf(kernel.hooks.read.run(new ReadingsDraft(knobs), situationOf(kernel)))).toMatchObject({ plugin: 'second', code: 'SEMANTOS_E_PLUGIN_OUTPUT' })
  })
})

describe('a waterfall', () => {
  const reasoner = (name: string, revise: (plan: Plan) => unknown) =>
    plugin(name, 'reasoning', ({ hooks }) => hooks.reason.tapPromise('t', async (plan) => untyped(revise(plan))))
  const reasoned = async (...reasoners: ReturnType<typeof reasoner>[]) => {
    await using kernel = await kernelOf(reasoners)
    return await kernel.hooks.reason.run(NO_PLAN, situationOf(kernel))
  }

  test('hands each tap what the one before returned, and records who proposed and who changed', async () => {
    const plan = await reasoned(
      reasoner('first', () => ({ recommendations: [recommend('vm.a'), recommend('vm.b')] })),
      reasoner('second', ({ recommendations }) => ({ recommendations: [...recommendations.map((one) => (one.knob === 'vm.b' ? { ...one, value: 2 } : one)), recommend('vm.c')] })),
      reasoner('third', ({ recommendations }) => ({ recommendations: recommendations.map((one) => (one.knob === 'vm.b' ? { ...one, uncertainty: 0.5 } : one)) })),
    )
    expect(plan.recommendations.map(({ knob, value, proposed_by, changed_by }) => [knob, value, proposed_by, changed_by])).toEqual([
      ['vm.a', 1, 'first', []],
      ['vm.b', 2, 'first', ['second', 'third']],
      ['vm.c', 1, 'second', []],
    ])
  })

  test('does not believe a stamp that a plugin wrote', async () => {
    const plan = await reasoned(
      reasoner('honest', () => ({ recommendations: [recommend('vm.a')] })),
      reasoner('forger', ({ recommendations }) => ({
        recommendations: [...recommendations.map((one) => ({ ...one, value: 5, proposed_by: 'forger', changed_by: [] })), { ...recommend('vm.b'), proposed_by: 'honest', changed_by: ['honest'] }],
      })),
    )
    expect(plan.recommendations.map(({ knob, proposed_by, changed_by }) => [knob, proposed_by, changed_by])).toEqual([
      ['vm.a', 'honest', ['forger']],
      ['vm.b', 'forger', []],
    ])
  })

  test('forging a stamp alone is no change', async () => {
    const plan = await reasoned(
      reasoner('honest', () => ({ recommendations: [recommend('vm.a')] })),
      reasoner('forger', ({ recommendations }) => ({ recommendations: recommendations.map((one) => ({ ...one, proposed_by: 'forger', changed_by: ['forger'] })) })),
    )
    expect(plan.recommendations[0]).toMatchObject({ proposed_by: 'honest', changed_by: [] })
  })

  test('a knob recommended twice is refused', async () => {
    expect(await failureOf(reasoned(reasoner('twice', () => ({ recommendations: [recommend('vm.a'), recommend('vm.a', 2)] }))))).toMatchObject({ plugin: 'twice', hook: 'reason' })
  })

  test('a tap that returns nothing is blamed', async () => {
    await using kernel = await kernelOf([plugin('mute', 'evaluation', ({ hooks }) => hooks.evaluate.tapPromise('t', async () => untyped<Evaluation>(null)))])
    expect(await failureOf(kernel.hooks.evaluate.run(EVALUATION, situationOf(kernel)))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OUTPUT', plugin: 'mute', hook: 'evaluate' })
  })

  test('without a tap it gives back what it was given', async () => {
    await using kernel = await kernelOf([])
    expect(await kernel.hooks.evaluate.run(EVALUATION, situationOf(kernel))).toBe(EVALUATION)
  })
})

describe('a bail hook', () => {
  const workload = (name: string, answer: () => TrialDraft | undefined, asked: string[] = []) =>
    plugin(name, 'workload', ({ hooks }) =>
      hooks.measure.tapPromise('t', async () => {
        asked.push(name)
        return answer()
      }),
    )

  test('ends at the first tap that answers other than undefined', async () => {
    const asked: string[] = []
    await using kernel = await kernelOf([workload('a', () => undefined, asked), workload('b', () => TRIAL, asked), workload('c', () => TRIAL, asked)])
    expect(await kernel.hooks.measure.run(REQUEST, situationOf(kernel))).toEqual({ ...TRIAL, unseen: [] })
    expect(asked).toEqual(['a', 'b'])
  })

  test('is undefined where nobody answers', async () => {
    await using kernel = await kernelOf([workload('a', () => undefined)])
    expect(await kernel.hooks.measure.run(REQUEST, situationOf(kernel))).toBeUndefined()
  })

  test('null is an answer, and here a wrong one', async () => {
    await using kernel = await kernelOf([workload('nil', () => untyped<TrialDraft>(null)), workload('b', () => TRIAL)])
    expect(await failureOf(kernel.hooks.measure.run(REQUEST, situationOf(kernel)))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OUTPUT', plugin: 'nil', hook: 'measure' })
  })

  test('with `only`, no other plugin is asked', async () => {
    const asked: string[] = []
    await using kernel = await kernelOf([workload('a', () => TRIAL, asked), workload('b', () => undefined, asked), workload('c', () => TRIAL, asked)])
    expect(await kernel.hooks.measure.run(REQUEST, situationOf(kernel), 'b')).toBeUndefined()
    expect(asked).toEqual(['b'])
  })
})

describe('a hook that tells', () => {
  test('tells every tap in turn although some fail, and hands the failures to a caller that must go on', async () => {
    const told: string[] = []
    const reporter = (name: string, fails: boolean) =>
      plugin(name, 'any', ({ hooks }) =>
        hooks.start.tapPromise('t', async () => {
          await sleep(1)
          told.push(name)
          if (fails) throw new Error(name)
        }),
      )
    await using kernel = await kernelOf([reporter('a', true), reporter('b', false), reporter('c', true)])
    const failures = await kernel.hooks.start.settle({ planning: true }, situationOf(kernel))
    expect(told).toEqual(['a', 'b', 'c'])
    expect(failures.map(({ plugin: who, code }) => [who, code])).toEqual([['a', 'SEMANTOS_E_PLUGIN_THREW'], ['c', 'SEMANTOS_E_PLUGIN_THREW']])
    expect(await failureOf(kernel.hooks.start.run({ planning: true }, situationOf(kernel)))).toMatchObject({ plugin: 'a' })
  })
})

test('a plain function is as good a tap as an async one', async () => {
  await using kernel = await kernelOf([plugin('plain', 'evaluation', ({ hooks }) => hooks.evaluate.tapPromise('t', (evaluation) => ({ ...evaluation, words: 'plain' })))])
  expect((await kernel.hooks.evaluate.run(EVALUATION, situationOf(kernel))).words).toBe('plain')
})

test('a thousand plugins on one hook all run, in order', async () => {
  const order: number[] = []
  const plugins = Array.from({ length: 1000 }, (_, index) => plugin(`p${index}`, 'report', ({ hooks }) => hooks.trial.tapPromise('t', () => void order.push(index))))
  await using kernel = await kernelOf(plugins)
  await kernel.hooks.trial.run({ ...TRIAL, unseen: [], index: 0, arm: 'baseline' }, situationOf(kernel))
  expect(order).toEqual(Array.from({ length: 1000 }, (_, index) => index))
})

test('drafts are empty where nobody taps', async () => {
  await using kernel = await kernelOf([])
  expect((await kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel))).finish(kernel.now())).toMatchObject({ host: null, metrics: [], missing: [] })
  expect((await kernel.hooks.configure.run(new KnobsDraft(), kernel.context())).finish().size).toBe(0)
})
