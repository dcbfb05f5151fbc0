import { execFile } from 'node:child_process'
import { tracingChannel } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { failureOf, kernelOf, plugin, situationOf, untyped } from '../../../tests/faults/kernel-of.js'
import type { Evaluation } from '../model/evaluation.js'
import type { HookEvent } from './call.js'
import type { CallContext } from './contexts.js'
import { SnapshotDraft } from './drafts.js'
import { SemantosError } from './errors.js'
import type { Kernel } from './kernel.js'

const NEVER = () => new Promise<void>(() => undefined)
const STOPPED = new SemantosError('SEMANTOS_E_ABORTED', { message: 'stopped by SIGINT' })
const EVALUATION: Evaluation = { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing' }

const telemetry = (name: string, collect: (context: CallContext) => void | Promise<void>) =>
  plugin(name, 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', (_snapshot, context) => collect(context)))
const collect = (kernel: Kernel) => kernel.hooks.collect.run(new SnapshotDraft(), situationOf(kernel))

describe('a time limit', () => {
  test('cuts off a plugin that hangs, names it and its hook, and aborts its signal', async () => {
    const signals: AbortSignal[] = []
    await using kernel = await kernelOf(
      [
        telemetry('hung', ({ signal }) => {
          signals.push(signal)
          return NEVER()
        }),
      ],
      { timeLimitsMs: { default: 5000, collect: 20 } },
    )
    const error = await failureOf(collect(kernel))
    expect(error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT', plugin: 'hung', hook: 'collect', message: 'hung timed out in hook collect after 20 ms', next: "If it needs longer, in the config: time_limits_ms: { collect: 40 }. Its author hands the context's signal to whatever waits." })
    expect(signals[0]?.aborted).toBe(true)
    expect(signals[0]?.reason).toBe(error)
  })

  test('that passes while a plugin blocks is told afterwards', async () => {
    const logged: string[] = []
    const blocking = telemetry('blocking', () => {
      const end = performance.now() + 30
      while (performance.now() < end);
    })
    await using kernel = await kernelOf([blocking], { timeLimitsMs: { default: 5000, collect: 10 }, log: (who, message) => void logged.push(`${who}: ${message}`) })
    await collect(kernel)
    expect(logged).toEqual([expect.stringMatching(/^blocking: blocked the event loop for \d+ ms in hook collect \(limit 10 ms\); synchronous code cannot be cancelled$/)])
  })

  test('aborts the signal also for a tap that looks at it only afterwards', async () => {
    const seen: boolean[] = []
    await using kernel = await kernelOf(
      [
        telemetry('late', async (context) => {
          await sleep(30)
          seen.push(context.signal.aborted)
        }),
      ],
      { timeLimitsMs: { default: 5 } },
    )
    await failureOf(collect(kernel))
    await sleep(60)
    expect(seen).toEqual([true])
  })

  test('is the default where the hook has none of its own, and what comes too late is ignored', async () => {
    const late = telemetry('late', async () => {
      await sleep(40)
      throw new Error('too late to matter')
    })
    await using kernel = await kernelOf([late], { timeLimitsMs: { default: 10, reason: 5000 } })
    expect(await failureOf(collect(kernel))).toMatchObject({ message: 'late timed out in hook collect after 10 ms' })
    await sleep(60)
  })

  test('makes one failure of a tap, whatever it still does after it was cut off', async () => {
    const late = plugin('late', 'any', ({ hooks }) =>
      hooks.start.tapPromise('t', async () => {
        await sleep(30)
        throw new Error('too late to matter')
      }),
    )
    await using kernel = await kernelOf([late], { timeLimitsMs: { default: 5 } })
    const failures = await kernel.hooks.start.settle({ planning: true }, situationOf(kernel))
    await sleep(60)
    expect(failures).toEqual([expect.objectContaining({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT' })])
  })

  test('does not touch the signal of a tap that is in time', async () => {
    const signals: AbortSignal[] = []
    await using kernel = await kernelOf([telemetry('quick', async ({ signal }) => void signals.push(signal))], { timeLimitsMs: { default: 20 } })
    await collect(kernel)
    await collect(kernel)
    await sleep(40)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
    expect(signals[0]).not.toBe(signals[1])
  })

  test('holds for setup as well', async () => {
    const error = await failureOf(kernelOf([plugin('stuck', 'telemetry', NEVER)], { timeLimitsMs: { default: 20 } }))
    expect(error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT', plugin: 'stuck', hook: 'setup' })
  })

  test('keeps the process alive until the plugin is named', async () => {
    const core = (file: string) => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href)
    const script = `
      import { definePlugin, z } from ${core('index.js')}
      import { Kernel, SnapshotDraft, streams } from ${core('kernel.js')}
      import { openHost } from ${JSON.stringify(new URL('../../../packages/host/dist/index.js', import.meta.url).href)}
      const hung = definePlugin({ name: 'hung', stage: 'telemetry', api: 1, options: z.strictObject({}), setup: ({ hooks }) => hooks.collect.tapPromise('t', () => new Promise(() => {})) })()
      const kernel = await Kernel.create({
        plugins: [{ plugin: hung, setup: hung.prepare().setup }], host: openHost({ root: '/nowhere' }), timeLimitsMs: { default: 50 },
        paths: { base: '', sandbox: '', knowledge: '', results: '', backup: '' }, now: () => new Date(0), random: streams(1), log: () => {},
      })
      await kernel.hooks.collect.run(new SnapshotDraft(), kernel.context()).catch((error) => console.log(error.code, error.plugin))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    expect(stdout).toBe('SEMANTOS_E_PLUGIN_TIMEOUT hung\n')
  })
})

describe('an abort', () => {
  test('rejects the calls under way and aborts their signals', async () => {
    const signals: AbortSignal[] = []
    const hung = (name: string) =>
      telemetry(name, ({ signal }) => {
        signals.push(signal)
        return NEVER()
      })
    await using kernel = await kernelOf([hung('a'), hung('b')])
    const running = failureOf(collect(kernel))
    await sleep(1)
    kernel.own.abort(STOPPED)
    expect(await running).toBe(STOPPED)
    expect(signals).toEqual([expect.objectContaining({ aborted: true, reason: STOPPED }), expect.objectContaining({ aborted: true, reason: STOPPED })])
  })

  test('refuses later calls without running the taps, until it is cleared', async () => {
    let ran = 0
    await using kernel = await kernelOf([telemetry('t', () => void ran++)])
    kernel.own.abort(STOPPED)
    expect(await failureOf(collect(kernel))).toBe(STOPPED)
    expect(ran).toBe(0)
    kernel.own.clearAbort()
    await collect(kernel)
    expect(ran).toBe(1)
  })

  test('is the first one, however often the user asks', async () => {
    await using kernel = await kernelOf([telemetry('t', () => undefined)])
    kernel.own.abort(STOPPED)
    kernel.own.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: 'stopped again' }))
    expect(await failureOf(collect(kernel))).toBe(STOPPED)
  })

  test('is no veto of a guard, but the end of the run', async () => {
    await using kernel = await kernelOf([plugin('g', 'guardrails', ({ hooks }) => hooks.guard.tapPromise('t', () => undefined))])
    const { VerdictDraft } = await import('./drafts.js')
    kernel.own.abort(STOPPED)
    const vetoes: SemantosError[] = []
    const proposal = { ...situationOf(kernel), plan: { recommendations: [], advice: [] }, resulting: new Map() }
    expect(await failureOf(kernel.hooks.guard.run(new VerdictDraft(), proposal, (failure) => vetoes.push(failure)))).toBe(STOPPED)
    expect(vetoes).toEqual([])
  })

  test('leaves an apply that has begun to its end, and takes no new one', async () => {
    const applied = [{ knob: 'vm.a', before: 0, wanted: 1, stored: 1 }]
    const applier = plugin('slow', 'applier', ({ hooks }) =>
      hooks.apply.tapPromise('t', async () => {
        await sleep(20)
        return applied
      }),
    )
    await using kernel = await kernelOf([applier])
    const batch = { step: 1, changes: [{ knob: 'vm.a', from: 0, to: 1 }] }
    const running = kernel.hooks.apply.run(batch, situationOf(kernel))
    await sleep(1)
    kernel.own.abort(STOPPED)
    expect(await running).toEqual(applied)
    expect(await failureOf(kernel.hooks.apply.run(batch, situationOf(kernel)))).toBe(STOPPED)
  })

  test('neither refuses nor cuts off undo, fault and dispose', async () => {
    const done: string[] = []
    const tidy = plugin('tidy', 'any', ({ hooks }) => {
      hooks.undo.tapPromise('t', async () => {
        await sleep(10)
        done.push('undo')
        return []
      })
      hooks.fault.tapPromise('t', async () => void done.push('fault'))
      hooks.dispose.tapPromise('t', async () => {
        await sleep(10)
        done.push('dispose')
      })
    })
    const kernel = await kernelOf([tidy])
    kernel.own.abort(STOPPED)
    const undoing = kernel.hooks.undo.run({ step: 1, applied: [] }, situationOf(kernel))
    kernel.own.abort(STOPPED)
    await undoing
    await kernel.hooks.fault.run(STOPPED, situationOf(kernel))
    const disposing = kernel.dispose()
    kernel.own.abort(STOPPED)
    await disposing
    expect(done).toEqual(['undo', 'fault', 'dispose'])
  })
})

describe('blame', () => {
  test('an error thrown without a plugin gets the one that threw it, and keeps the rest', async () => {
    const original = new SemantosError('SEMANTOS_E_DATA_INVALID', { message: 'not a number', place: 'data.csv:7', next: 'Correct line 7.' })
    await using kernel = await kernelOf([telemetry('csv', () => Promise.reject(original))])
    const error = await failureOf(collect(kernel))
    expect(error).toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', message: 'not a number', place: 'data.csv:7', next: 'Correct line 7.', plugin: 'csv', hook: 'collect', stack: original.stack })
  })

  test('an error that names a plugin keeps it', async () => {
    const original = new SemantosError('SEMANTOS_E_DATA_INVALID', { message: 'x', plugin: 'somebody' })
    await using kernel = await kernelOf([telemetry('relay', () => Promise.reject(original))])
    expect(await failureOf(collect(kernel))).toBe(original)
  })

  test.each([
    ['an Error', new Error('boom'), 'boom'],
    ['a string', 'boom', 'boom'],
    ['undefined', undefined, 'undefined'],
    ['an object without a prototype', Object.create(null), '[object Object]'],
  ])('%s thrown becomes an error with the plugin, the hook and the cause', async (_, thrown: unknown, words) => {
    await using kernel = await kernelOf([
      telemetry('broken', () => {
        throw thrown
      }),
    ])
    const error = await failureOf(collect(kernel))
    expect(error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_THREW', message: `broken failed in collect: ${words}`, plugin: 'broken', hook: 'collect' })
    expect(error instanceof SemantosError && error.cause).toBe(thrown)
  })
})

describe('a thenable of a plugin\'s own', () => {
  const answering = (then: (resolve: (value: undefined) => void, reject: (reason: unknown) => void) => void) =>
    telemetry('odd', () => untyped<Promise<void>>({ then }))

  test.each([
    ['throws at once', () => { throw new Error('no') }, 'no'],
    ['rejects, and resolves after that', (resolve: (value: undefined) => void, reject: (reason: unknown) => void) => { reject(new Error('first')); resolve(undefined) }, 'first'],
  ])('that %s is a failure like any other', async (_, then, words) => {
    await using kernel = await kernelOf([answering(then)])
    expect(await failureOf(collect(kernel))).toMatchObject({ plugin: 'odd', hook: 'collect', message: `odd failed in collect: ${words}` })
  })

  test('that answers twice has answered once', async () => {
    await using kernel = await kernelOf([answering((resolve) => { resolve(undefined); resolve(undefined) })])
    await collect(kernel)
  })
})

describe('the context of a tap', () => {
  test('has everything of the shared one, and logs under the name of the plugin', async () => {
    const logged: string[] = []
    const seen: unknown[] = []
    const looking = plugin('@x/looking', 'telemetry', ({ hooks }) =>
      hooks.collect.tapPromise('t', (_, { log, now, seed, slo, run, catalogue }) => {
        log('careful')
        seen.push(now().toISOString(), seed, slo, run, catalogue.size)
      }),
    )
    await using kernel = await kernelOf([looking], { log: (who, message) => void logged.push(`${who}: ${message}`) })
    await collect(kernel)
    expect(logged).toEqual(['@x/looking: careful'])
    expect(seen).toEqual(['2026-01-01T00:00:00.000Z', 42, { p95_ms: 120 }, 'test', 0])
  })

  const drawing = (name: string, draws: Record<string, number>) =>
    telemetry(name, ({ random }) => {
      const next = random('noise')
      draws[name] = next()
    })

  test('has random streams of its own: one more draw elsewhere changes nothing', async () => {
    const alone: Record<string, number> = {}
    await using first = await kernelOf([drawing('b', alone)])
    await collect(first)

    const together: Record<string, number> = {}
    const greedy = telemetry('a', ({ random }) => {
      const [one, other] = [random('noise'), random('other')]
      for (let draw = 0; draw < 100; draw++) together['a'] = one() + other()
    })
    await using second = await kernelOf([greedy, drawing('b', together)])
    await collect(second)
    expect(together['b']).toBe(alone['b'])
  })

  test('draws other numbers for another plugin, another stream and another seed', async () => {
    const draws: Record<string, number> = {}
    await using kernel = await kernelOf([drawing('a', draws), drawing('b', draws), telemetry('c', ({ random }) => void (draws['other stream'] = random('other')()))])
    await collect(kernel)
    const reseeded: Record<string, number> = {}
    await using other = await kernelOf([drawing('a', reseeded)], { seed: 43 })
    await collect(other)
    expect(new Set([...Object.values(draws), reseeded['a']]).size).toBe(4)
  })
})

describe('tracing', () => {
  async function traced(kernel: Kernel, work: () => Promise<unknown>) {
    const events: string[] = []
    const ended: HookEvent[] = []
    const channel = tracingChannel<unknown, HookEvent>('semantos:hook')
    const of = (kind: string) => (event: HookEvent) => {
      if (!kernel.plugins.some(({ id }) => id === event.plugin)) return
      events.push(`${kind} ${event.hook} ${event.plugin}#${event.tap}`)
      if (kind === 'asyncEnd') ended.push(event)
    }
    const handlers = { start: of('start'), end: () => undefined, asyncStart: () => undefined, asyncEnd: of('asyncEnd'), error: of('error') }
    channel.subscribe(handlers)
    try {
      await work().catch(() => undefined)
    } finally {
      channel.unsubscribe(handlers)
    }
    return { events, ended }
  }

  test('tells which tap ran, when it ended, and what it added', async () => {
    await using kernel = await kernelOf([
      plugin('trace-a', 'telemetry', ({ hooks }) =>
        hooks.collect.tapPromise('look', async (snapshot) => {
          snapshot.add({ name: 'load', value: 1, unit: 'count' })
          snapshot.add({ name: 'p95_ms', value: 1, unit: 'ms' })
        }),
      ),
    ])
    const { events, ended } = await traced(kernel, () => collect(kernel))
    expect(events).toEqual(['start collect trace-a#look', 'asyncEnd collect trace-a#look'])
    expect(ended[0]).toMatchObject({ hook: 'collect', plugin: 'trace-a', tap: 'look', changed: ['load', 'p95_ms'] })
  })

  test('tells of a failure that the hook itself keeps to the end', async () => {
    await using kernel = await kernelOf([
      plugin('trace-b', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('fails', () => Promise.reject(new Error('boom')))),
      plugin('trace-c', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('fine', () => undefined)),
    ])
    const { events, ended } = await traced(kernel, () => collect(kernel))
    expect(events.toSorted()).toEqual(['asyncEnd collect trace-b#fails', 'asyncEnd collect trace-c#fine', 'error collect trace-b#fails', 'start collect trace-b#fails', 'start collect trace-c#fine'])
    expect(ended.find(({ plugin: who }) => who === 'trace-b')?.error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_THREW' })
  })

  test('tells what a reasoner added, changed and dropped', async () => {
    const one = (knob: string, value: number) => ({ knob, value, rationale: 'r', expected: { metric: 'm', change_pct: -1 }, uncertainty: 0 })
    await using kernel = await kernelOf([
      plugin('trace-d', 'reasoning', ({ hooks }) => hooks.reason.tapPromise('t', () => ({ recommendations: [one('vm.a', 1), one('vm.b', 1)] }))),
      plugin('trace-e', 'reasoning', ({ hooks }) => hooks.reason.tapPromise('t', () => ({ recommendations: [one('vm.a', 2), one('vm.c', 1)] }))),
    ])
    const { ended } = await traced(kernel, () => kernel.hooks.reason.run({ recommendations: [], advice: [] }, situationOf(kernel)))
    expect(ended.map(({ changed }) => changed)).toEqual([['+vm.a', '+vm.b'], ['~vm.a', '+vm.c', '-vm.b']])
  })

  test('changes nothing in what comes out', async () => {
    await using kernel = await kernelOf([plugin('trace-f', 'evaluation', ({ hooks }) => hooks.evaluate.tapPromise('t', (evaluation) => ({ ...evaluation, words: 'seen' })))])
    const results: Evaluation[] = []
    await traced(kernel, async () => results.push(await kernel.hooks.evaluate.run(EVALUATION, situationOf(kernel))))
    expect(results).toEqual([{ ...EVALUATION, words: 'seen' }])
  })
})
