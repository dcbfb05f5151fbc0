import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { definePlugin, type Reading, type SemantosConfig, type Stage, z } from '@semantos/core'
import { Run } from '@semantos/host'
import { describe, expect, test } from 'vitest'
import { fakeRoot, knobOf, textIn } from '../../../tests/faults/fake-root.js'
import { failureOf } from '../../../tests/faults/kernel-of.js'
import { openEngine } from './engine.js'
import type { RunEvent } from './run/events.js'
import { plan } from './use-cases/plan.js'
import { runOnce } from './use-cases/run.js'

const KNOB = knobOf('vm.a')

function plugin<S extends Stage>(stage: S, setup: Parameters<typeof definePlugin<S, z.ZodObject>>[0]['setup']) {
  return definePlugin({ name: `@test/${stage}`, stage, api: 1, options: z.strictObject({}), setup })()
}

/** A config wholly in code: one knob of a fake root, which a reasoner wants at 5. */
function configOf(more: SemantosConfig = {}): SemantosConfig {
  return {
    telemetry: plugin('telemetry', ({ hooks }) => hooks.collect.tapPromise('t', () => undefined)),
    knowledge: plugin('knowledge', ({ hooks }) => hooks.configure.tapPromise('t', (knobs) => knobs.knob(KNOB))),
    reasoning: plugin('reasoning', ({ hooks }) =>
      hooks.reason.tapPromise('t', () => ({
        recommendations: [{ knob: 'vm.a', value: 5, rationale: 'as the test has it', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0.1, rules: [], edges: [], traces: [], documents: [] }],
        advice: [],
      })),
    ),
    guardrails: plugin('guardrails', ({ hooks }) => hooks.guard.tapPromise('t', () => undefined)),
    rollout: plugin('rollout', ({ hooks }) => hooks.schedule.tapPromise('t', ({ recommendations }) => [{ knobs: recommendations.map(({ knob }) => knob), host_share: 1 }])),
    applier: plugin('applier', ({ hooks, host }) => {
      hooks.read.tapPromise('t', (readings) => {
        for (const knob of readings.knobs) for (const reading of host.readKnob(knob)) readings.add(reading satisfies Reading)
      })
      hooks.apply.tapPromise('t', ({ changes }, { signal }) => host.write(changes.map(({ knob, to }) => ({ ref: knob, value: to })), '@test/applier', signal))
      hooks.undo.tapPromise('t', ({ applied }) => host.restore(applied.map(({ knob }) => knob), '@test/applier'))
    }),
    monitoring: plugin('monitoring', ({ hooks }) => hooks.judge.tapPromise('t', (judgement) => judgement)),
    evaluation: plugin('evaluation', ({ hooks }) => hooks.evaluate.tapPromise('t', (evaluation) => evaluation)),
    ...more,
  }
}

function place() {
  const root = fakeRoot({ 'proc/sys/vm/a': '1', 'proc/sys/kernel/random/boot_id': 'one' })
  return { root, stateDir: join(mkdtempSync(join(tmpdir(), 'semantos-state-')), 'journal'), folder: root }
}

describe('an engine', () => {
  test('runs a config that is wholly in code, and commits what it applied', async () => {
    const here = place()
    const events: RunEvent[] = []
    await using engine = await openEngine({ ...here, config: configOf() })
    await using run = await engine.begin({ apply: true, onEvent: (event) => void events.push(event) })
    expect(await runOnce(run, { apply: true })).toMatchObject({ run: run.id, outcome: 'applied' })
    await run.close()
    expect(textIn(here.root, 'proc/sys/vm/a')).toBe('5')
    expect(events.map(({ type }) => type)).toEqual(['applied', 'step', 'done'])
    expect(events[0]).toEqual({ type: 'applied', step: 1, changes: [{ knob: 'vm.a', from: 1, to: 5 }] })
  })

  test('serves two runs that only read at once, each with its own id and events', async () => {
    await using engine = await openEngine({ ...place(), config: configOf() })
    await using one = await engine.begin()
    await using other = await engine.begin()
    const [first, second] = await Promise.all([plan(one), plan(other)])
    expect(first.report.changes).toEqual(second.report.changes)
    expect(first.report.run).not.toBe(second.report.run)
  })

  test('refuses a second writer with the name of the first, and lets it in once that is closed', async () => {
    await using engine = await openEngine({ ...place(), config: configOf() })
    const first = await engine.begin({ apply: true })
    await expect(engine.begin({ apply: true })).rejects.toMatchObject({ code: 'SEMANTOS_E_LOCKED' })
    await expect(engine.begin({ apply: true })).rejects.toThrow(first.id)
    await using _reading = await engine.begin()
    await first.close()
    await using _second = await engine.begin({ apply: true })
  })

  test('a run that is closed without a commit leaves every byte as it was', async () => {
    const here = place()
    await using engine = await openEngine({ ...here, config: configOf({ report: plugin('report', ({ hooks }) => hooks.report.tapPromise('t', () => Promise.reject(new Error('no room')))) }) })
    const restored: RunEvent[] = []
    await using run = await engine.begin({ apply: true, onEvent: (event) => void (event.type === 'restored' && restored.push(event)) })
    expect(await failureOf(runOnce(run, { apply: true }))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_THREW' })
    await run.close()
    expect(textIn(here.root, 'proc/sys/vm/a')).toBe('1')
    expect(restored).toMatchObject([{ values: [{ knob: 'vm.a', outcome: 'restored' }] }])
  })

  test('where the commit fails, nothing says that values were applied, and nothing is learnt', async () => {
    const here = place()
    const seen: string[] = []
    const file = { finish: () => void seen.push('on the disk'), publish: () => void seen.push('published'), discard: () => void seen.push('discarded') }
    const config = configOf({
      report: plugin('report', ({ hooks }) => hooks.report.tapPromise('t', (_report, { publish }) => publish(file))),
      knowledge: plugin('knowledge', ({ hooks }) => {
        hooks.configure.tapPromise('t', (knobs) => knobs.knob(KNOB))
        hooks.learn.tapPromise('t', () => void seen.push('learnt'))
      }),
    })
    await using engine = await openEngine({ ...here, config })
    await using run = await engine.begin({ apply: true, watchdog: false })
    // Without a watchdog nothing could be rolled back in time, so such a commit is refused.
    expect(await failureOf(runOnce(run, { apply: true, confirmWithinMs: 60_000 }))).toMatchObject({ code: 'SEMANTOS_E_GUARD' })
    await run.close()
    expect(seen).toEqual(['on the disk', 'discarded'])
    expect(textIn(here.root, 'proc/sys/vm/a')).toBe('1')
  })

  test('an abort stops its own run, whose values are restored, and leaves another alone', async () => {
    const here = place()
    const stop = new AbortController()
    const slow = plugin('monitoring', ({ hooks }) => {
      hooks.observe.tapPromise('t', () => new Promise<void>(() => stop.abort()))
    })
    await using engine = await openEngine({ ...here, config: configOf({ monitoring: slow }) })
    await using reading = await engine.begin()
    await using run = await engine.begin({ apply: true, signal: stop.signal })
    expect(await failureOf(runOnce(run, { apply: true }))).toMatchObject({ code: 'SEMANTOS_E_ABORTED' })
    expect(() => run.commit()).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_ABORTED' }))
    await run.close()
    expect(textIn(here.root, 'proc/sys/vm/a')).toBe('1')
    expect((await plan(reading)).report.changes).toHaveLength(1)
  })
})

describe('what could not be opened', () => {
  test('leaves nothing open: setup that fails, and a run that is refused', async () => {
    const here = place()
    let disposed = 0
    const failing = configOf({
      plugins: [definePlugin({ name: '@test/any', stage: 'any', api: 1, options: z.strictObject({}), setup: ({ hooks }) => hooks.dispose.tapPromise('t', () => void disposed++) })()],
      knobs: ['no.such.knob'],
    })
    expect(await failureOf(openEngine({ ...here, config: failing }))).toMatchObject({ code: 'SEMANTOS_E_CONFIG_INVALID' })
    expect(disposed).toBe(1)

    await using engine = await openEngine({ ...here, config: configOf() })
    const other = await Run.open({ ...here, run: 'other', command: ['test'], version: '0', guard: false })
    expect(await failureOf(engine.begin({ apply: true }))).toMatchObject({ code: 'SEMANTOS_E_LOCKED' })
    await other.close()
    await using run = await engine.begin({ apply: true, watchdog: false })
    expect(run.journal?.guard).toBeNull()
    await run.close()
    expect(readdirSync(here.stateDir).filter((name) => name.endsWith('.journal'))).toEqual([])
  })
})
