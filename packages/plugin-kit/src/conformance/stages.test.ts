import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Applied, Evaluation, KnobValue, PlanDraft, PluginFactory, PluginKernel, PluginStage, RecommendationDraft, TrialDraft, z } from '@semantos/core'
import { describe, expect, test } from 'vitest'
import { failing, plugin } from '../../testing/failing.js'

/** Which of the tests about hostile input and about what a stage must keep to fail. */
const expectFailing = async <S extends PluginStage, O extends z.ZodType>(factory: PluginFactory<S, O>, names: readonly string[]) => expect(await failing(factory)).toEqual(names)

const recommend = (knob: string, value: KnobValue): RecommendationDraft => ({ knob, value, rationale: 'a test', expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.1 })
const reasoner = (reason: (plan: PlanDraft, texts: readonly string[]) => PlanDraft) =>
  plugin('reasoning', ({ hooks }) =>
    hooks.reason.tapPromise('think', (plan, { evidence }) => reason(plan, evidence.documents.map(({ text }) => text))),
  )

test('telemetry: a file that must be there', async () => {
  const trusting = plugin('telemetry', ({ hooks, host }) => {
    const file = host.open('/proc/loadavg')
    hooks.collect.tapPromise('load', (snapshot) => {
      const read = file.read()
      const load = 'text' in read ? Number(/^\d+\.\d+/.exec(read.text)?.[0] ?? 0) : Number.NaN
      snapshot.add({ name: 'load', value: load, unit: 'tasks' })
    })
  })
  await expectFailing(trusting, ['hostile input: a root without a single file', 'hostile input: files of the host that are folders'])
})

test('telemetry: a number that must be one', async () => {
  const trusting = plugin('telemetry', ({ hooks, host }) => {
    const file = host.open('/proc/loadavg')
    hooks.collect.tapPromise('load', (snapshot) => {
      const read = file.read()
      if ('text' in read && read.text !== '') snapshot.add({ name: 'load', value: Number.parseFloat(read.text), unit: 'tasks' })
    })
  })
  await expectFailing(trusting, [
    'hold binary garbage', 'hold one line of a million characters', 'hold numbers that are none, or too large', 'hold JSON of another shape',
  ].map((what) => `hostile input: files of the host that ${what}`))
})

test('telemetry: a unit that is not the one of the name', async () => {
  const wrong = plugin('telemetry', ({ hooks }) => hooks.collect.tapPromise('one', (snapshot) => snapshot.add({ name: 'my.latency_ms[a]', value: 3, unit: 's' })))
  await expectFailing(wrong, ['units: a metric whose name ends in a unit is in that unit'])
})

describe('knowledge', () => {
  /** Keeps the names of runs in a file. */
  const keeper = (path: (paths: PluginKernel<'knowledge'>['paths']) => string, runsIn: (text: string) => readonly string[], makeFolder: boolean) =>
    plugin('knowledge', ({ hooks, paths }) => {
      const file = path(paths)
      const known = () => (existsSync(file) ? runsIn(readFileSync(file, 'utf8')) : [])
      hooks.retrieve.tapPromise('runs', (evidence) => {
        for (const run of known()) evidence.document({ id: run, title: run, text: 'a past run', source: 'file' })
      })
      hooks.learn.tapPromise('run', ({ run }) => {
        if (makeFolder) mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, JSON.stringify([...known(), run]))
      })
    })

  test('a file that is believed, whatever is in it', async () => {
    const parsed = (text: string): string[] => {
      const list: unknown = JSON.parse(text)
      return Array.isArray(list) ? list.map(String) : []
    }
    await expectFailing(keeper(({ base }) => join(base, 'runs.json'), parsed, false), [
      'are empty', 'end half-way', 'hold binary garbage', 'hold one line of a million characters', 'hold numbers that are none, or too large', 'are folders',
    ].map((what) => `hostile input: files of its own that ${what}`).filter((name) => !name.includes('numbers')))
  })

  test('a folder that must be there', async () => {
    const lines = (text: string) => (text.startsWith('[') ? ['a run'] : [])
    expect(await failing(keeper(({ knowledge }) => join(knowledge, 'runs.json'), lines, true))).toContain('hostile input: a folder that cannot be made')
  })
})

describe('reasoning', () => {
  test('evidence that must be there', async () => {
    const trusting = reasoner((plan, [first]) => {
      if (first === undefined) throw new Error('no document')
      return plan
    })
    await expectFailing(trusting, ['hostile input: no evidence'])
  })

  test('more recommendations than a plan may hold', async () => {
    const adding = reasoner((plan) => ({ ...plan, recommendations: [...plan.recommendations, recommend('net.core.somaxconn', 8192)] }))
    await expectFailing(adding, ['hostile input: a thousand recommendations of reasoners before it'])
  })

  test('doing what a text says', async () => {
    const obedient = reasoner((plan, texts) => ({
      ...plan,
      recommendations: [...plan.recommendations, ...texts.flatMap((text) => (text.includes('set kernel.core_pattern to') ? [recommend('kernel.core_pattern', '|/bin/sh')] : []))],
    }))
    await expectFailing(obedient, ['recommendations: knobs of the catalogue and values that they take (instructions and code in names and texts)'])
  })

  test('a value that Linux does not take', async () => {
    const bold = reasoner(() => ({ recommendations: [recommend('vm.swappiness', 1000)] }))
    await expectFailing(bold, ['in a sound situation', 'instructions and code in names and texts'].map((where) => `recommendations: knobs of the catalogue and values that they take (${where})`))
  })
})

test('guardrails: values that must be numbers', async () => {
  const trusting = plugin('guardrails', ({ hooks }) =>
    hooks.guard.tapPromise('odd', (verdict, { plan }) => {
      for (const { knob, value } of plan.recommendations) {
        if (typeof value !== 'number') throw new TypeError('a number was expected')
        if (value % 2 === 1) verdict.violate({ rule: 'odd', knob, message: 'it is odd', fix: 'make it even' })
      }
    }),
  )
  await expectFailing(trusting, ['hostile input: words for numbers', 'hostile input: lists for numbers'])
})

describe('rollout', () => {
  const name = (what: string) => `hostile input: every change in exactly one step (${what})`

  test('a step for nothing', async () => {
    const single = plugin('rollout', ({ hooks }) => hooks.schedule.tapPromise('all', ({ recommendations }) => [{ knobs: recommendations.map(({ knob }) => knob), host_share: 1 }]))
    await expectFailing(single, [name('an empty plan')])
  })

  test('a change that is forgotten', async () => {
    const hasty = plugin('rollout', ({ hooks }) => hooks.schedule.tapPromise('all', ({ recommendations }) => recommendations.slice(0, 3).map(({ knob }) => ({ knobs: [knob], host_share: 1 }))))
    await expectFailing(hasty, ['a sound plan', 'a thousand invented knobs', 'dependencies in circles', 'thousands of edges', 'no evidence', 'a catalogue without knobs', 'instructions and code in texts'].map(name))
  })
})

describe('applier', () => {
  /** Values in memory: sound, unless told otherwise. */
  const applier = (part: { readonly apply?: (applied: Applied) => Applied; readonly undo?: boolean; readonly again?: boolean; readonly write?: (root: string) => void } = {}) =>
    plugin('applier', ({ hooks, host }) => {
      const values = new Map<string, KnobValue>()
      hooks.read.tapPromise('memory', (readings) => {
        for (const { name, where, default: value } of readings.knobs) {
          const now = values.get(name) ?? value
          if (where.per === 'host' && now !== null) readings.add({ status: 'present', knob: name, text: String(now), value: now, writable: true, live: false })
        }
      })
      hooks.apply.tapPromise('memory', ({ changes }) =>
        changes.map(({ knob, from, to }) => {
          values.set(knob, to)
          part.write?.(host.root)
          const applied = { knob, before: from, wanted: to, stored: to }
          return part.apply?.(applied) ?? applied
        }),
      )
      hooks.undo.tapPromise('memory', ({ applied }) =>
        applied.map(({ knob, before }) => {
          const already = part.again !== true && JSON.stringify(values.get(knob)) === JSON.stringify(before)
          if (part.undo !== false) values.set(knob, before)
          return { knob, outcome: already ? ('unchanged' as const) : ('restored' as const), now: before, detail: 'in memory' }
        }),
      )
    })

  const STORED = 'apply: each change is answered once, with what then stands there'
  const UNDONE = 'undo: every knob stands as before'
  const AGAIN = 'undo: what was taken back, or never written, is left as it is'
  const OUTSIDE = 'writing: nothing outside the host door and the folders that it is given'

  test('that keeps the contract', () => expectFailing(applier(), []))
  test('that says something else is stored', () => expectFailing(applier({ apply: (applied) => ({ ...applied, stored: applied.before }) }), [STORED]))
  test('that takes nothing back', () => expectFailing(applier({ undo: false }), [UNDONE, AGAIN]))
  test('that takes back what was taken back', () => expectFailing(applier({ again: true }), [AGAIN]))
  test('that goes past the door', () =>
    expectFailing(applier({ write: (root) => writeFileSync(join(root, 'past-the-door'), '') }), [OUTSIDE, 'writing: nothing on the host while the run may not apply']))
})

describe('monitoring', () => {
  test('the mean of nothing', async () => {
    const dividing = plugin('monitoring', ({ hooks }) =>
      hooks.observe.tapPromise('mean', (observations, { after: { trials } }) => {
        const sum = trials.reduce((total, { latency }) => total + latency.p95_ms / 1e6, 0)
        observations.add({ name: 'mean', unit: 'ms', before: null, after: (sum / trials.length) * 1e6 })
      }),
    )
    await expectFailing(dividing, ['hostile input: no trials', 'hostile input: no trials after the step'])
  })

  test('promoting what another takes back', async () => {
    const cheerful = plugin('monitoring', ({ hooks }) => hooks.judge.tapPromise('yes', () => ({ decision: 'promote', reasons: ['why not'] })))
    await expectFailing(cheerful, ['judgement: what another plugin takes back is not promoted'])
  })
})

describe('workload', () => {
  const workload = (part: Partial<TrialDraft>, check: (knobs: ReadonlyMap<string, KnobValue>) => void = () => undefined) =>
    plugin('workload', ({ hooks }) =>
      hooks.measure.tapPromise('trial', ({ knobs }) => {
        check(knobs)
        return { latency: { p50_ms: 1, p95_ms: 2, p99_ms: 3, max_ms: 4 }, throughput_per_s: 1, requests: 1, errors: 0, counters: {}, ...part }
      }),
    )

  test('a knob that must be there', async () => {
    const trusting = workload({}, (knobs) => {
      if (!knobs.has('vm.swappiness')) throw new Error('no vm.swappiness')
    })
    await expectFailing(trusting, ['hostile input: no knobs'])
  })

  test('percentiles in disorder', () => expectFailing(workload({ latency: { p50_ms: 1, p95_ms: 3, p99_ms: 2, max_ms: 4 } }), ['trials: p50, p95, p99 and the maximum ascend']))
})

describe('evaluation', () => {
  const evaluation = (evaluate: (p95sMs: readonly number[]) => Partial<Evaluation>) =>
    plugin('evaluation', ({ hooks }) => {
      const p95sMs: number[] = []
      hooks.trial.tapPromise('keep', ({ latency }) => void p95sMs.push(latency.p95_ms))
      hooks.evaluate.tapPromise('compare', (before) => ({ ...before, ...evaluate(p95sMs) }))
    })

  test('a verdict on nothing', () => expectFailing(evaluation(() => ({ verdict: 'better' })), ['verdict: without trials there is none']))

  test('a ratio to zero', async () => {
    const dividing = evaluation(([first = 1, ...others]) => ({ improvement_pct: others.length > 0 ? (100 * ((others.at(-1) ?? 0) - first)) / first : null }))
    await expectFailing(dividing, ['hostile input: latencies of zero'])
  })
})

test('report: a folder that must be there', async () => {
  const writer = plugin('report', ({ hooks, paths }) =>
    hooks.report.tapPromise('write', ({ run }) => {
      mkdirSync(paths.results, { recursive: true })
      writeFileSync(join(paths.results, 'run'), run)
    }),
  )
  await expectFailing(writer, ['hostile input: a folder that cannot be made', 'hostile input: folders of the names of its files'])
})

describe('any', () => {
  test('that keeps the contract', async () => {
    const counting = plugin('any', ({ hooks }) => {
      let plans = 0
      hooks.reason.tapPromise('count', (plan) => {
        plans += 1
        return plan
      })
      hooks.guard.tapPromise('count', (verdict) => {
        if (plans > 1000) verdict.violate({ rule: 'enough', knob: null, message: 'that is enough', fix: 'stop' })
      })
    })
    await expectFailing(counting, [])
  })

  test('that needs a recommendation', async () => {
    const trusting = plugin('any', ({ hooks }) =>
      hooks.reason.tapPromise('first', (plan) => {
        if (!plan.recommendations[0]) throw new Error('an empty plan')
        return plan
      }),
    )
    await expectFailing(trusting, ['hostile input: a run in which nothing happened'])
  })
})
