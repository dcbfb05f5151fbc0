import { describe, expect, test } from 'vitest'
import { failureOf, kernelOf, plugin, situationOf } from '../../../tests/faults/kernel-of.js'
import { SnapshotDraft } from './drafts.js'
import { SemantosError } from './errors.js'
import type { Kernel } from './kernel.js'
import type { KernelRun } from './kernel-run.js'

const STOPPED = new SemantosError('SEMANTOS_E_ABORTED', { message: 'stopped by its caller' })
const collect = (kernel: Kernel, run: KernelRun) => kernel.hooks.collect.run(new SnapshotDraft(), { ...situationOf(kernel), ...run.context() })

describe('two runs of one kernel', () => {
  test('aborting one cuts off its calls and none of the other', async () => {
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    await using kernel = await kernelOf([plugin('slow', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', () => released))])
    const [one, other] = [kernel.begin(), kernel.begin()]
    const stopped = failureOf(collect(kernel, one))
    const undisturbed = collect(kernel, other)
    one.abort(STOPPED)
    expect(await stopped).toBe(STOPPED)
    release()
    await undisturbed
    expect([one.signal.aborted, other.signal.aborted]).toEqual([true, false])
    expect(await failureOf(collect(kernel, one))).toBe(STOPPED)
    await collect(kernel, other)
  })

  test('each has its own signal, clock, random stream and log', async () => {
    const seen: unknown[] = []
    const curious = plugin('curious', 'telemetry', ({ hooks }) =>
      hooks.collect.tapPromise('t', (_, { now, random, log }) => {
        seen.push([now().getUTCFullYear(), random('x')()])
        log('here')
      }),
    )
    await using kernel = await kernelOf([curious])
    const logged: string[] = []
    const begin = (year: number) =>
      kernel.begin({ now: () => new Date(Date.UTC(year)), random: (stream) => () => year + stream.length, log: (who, message) => void logged.push(`${year} ${who}: ${message}`) })
    await Promise.all([collect(kernel, begin(2030)), collect(kernel, begin(2031))])
    expect(seen).toEqual([[2030, 2030 + 'curious/x'.length], [2031, 2031 + 'curious/x'.length]])
    expect(logged).toEqual(['2030 curious: here', '2031 curious: here'])
  })

  test("stops by the signal it was given, and by the kernel's own where it was given none", async () => {
    const [whole, part] = [new AbortController(), new AbortController()]
    await using kernel = await kernelOf([plugin('t', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('t', () => undefined))], { signal: whole.signal })
    const [own, given] = [kernel.begin(), kernel.begin({ signal: part.signal })]
    whole.abort(STOPPED)
    expect([own.signal.aborted, given.signal.aborted]).toEqual([true, false])
    part.abort(STOPPED)
    expect(given.signal.reason).toBe(STOPPED)
  })
})

describe('the state of a run', () => {
  test('is made for each run, and is the same for all calls of one', async () => {
    const counts: number[] = []
    const counting = plugin('counting', 'telemetry', ({ hooks, perRun }) => {
      const calls = perRun(() => ({ count: 0 }))
      hooks.collect.tapPromise('t', (_, context) => void counts.push(++calls(context).count))
    })
    await using kernel = await kernelOf([counting])
    const [one, other] = [kernel.begin(), kernel.begin()]
    for (const run of [one, one, other, one]) await collect(kernel, run)
    expect(counts).toEqual([1, 2, 1, 3])
  })

  test('is refused to a copy of a context, which belongs to no run', async () => {
    const copying = plugin('copying', 'telemetry', ({ hooks, perRun }) => {
      const state = perRun(() => 1)
      hooks.collect.tapPromise('t', (_, context) => void state({ ...context }))
    })
    await using kernel = await kernelOf([copying])
    expect(await failureOf(collect(kernel, kernel.begin()))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_HOOK', plugin: 'copying', hook: 'collect' })
  })
})
