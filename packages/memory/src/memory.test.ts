import { describe, expect, it } from 'vitest'
import type { Trace } from '@semantos/core'
import { explainNearness, pastRunInWords } from './in-sentences.js'
import { isOfRun, nearest, seenBy } from './nearest.js'
import { type Seen, nearness } from './nearness.js'

function trace(id: string, changes: Partial<Trace> = {}): Trace {
  return { id, time: '2026-01-01T00:00:00.000Z', host: {}, workload: 'none', metrics: {}, actions: [], improvement_pct: 1, verdict: 'better', ...changes }
}
const seen = (changes: Partial<Seen>): Seen => ({ metrics: {}, host: {}, workload: 'none', ...changes })
const ids = async (traces: readonly Trace[], now: Seen, count = traces.length) => (await nearest(traces, now, count)).map((near) => near.trace.id)

describe('nearness', () => {
  it('compares metrics alone where nothing else is known of either situation', () => {
    expect(nearness(trace('a', { metrics: { load: 1 } }), seen({ metrics: { load: 3 } }), null)).toEqual({ distance: 0.5, metrics: 0.5, symptoms: null, machine: null, words: null })
  })

  it('counts metrics against facts of the machine seven to three', () => {
    const near = nearness(trace('a', { metrics: { load: 1 }, host: { cpu_model: 'A' } }), seen({ metrics: { load: 1 }, host: { cpu_model: 'B' } }), null)
    expect(near).toMatchObject({ metrics: 0, machine: 1 })
    expect(near.distance).toBeCloseTo(0.3, 12)
  })

  it('counts the metrics that made a run act once more, by themselves', () => {
    const past = trace('a', { metrics: { load: 1, drops: 10, calm: 5 }, symptoms: ['drops'] })
    const same = nearness(past, seen({ metrics: { load: 9, drops: 10, calm: 5 } }), null)
    const healthy = nearness(past, seen({ metrics: { load: 1, drops: 0, calm: 5 } }), null)
    expect([same.symptoms, healthy.symptoms]).toEqual([0, 1])
    expect(same.distance).toBeLessThan(healthy.distance)
  })

  it('is 0 for the same situation', () => {
    const past = trace('a', { metrics: { load: 1 }, symptoms: ['load'], host: { cpus: 8 } })
    expect(nearness(past, past, 0).distance).toBe(0)
  })
})

describe('nearest', () => {
  const loads = [trace('far', { metrics: { load: 100 } }), trace('near', { metrics: { load: 11 } }), trace('other', { metrics: { packets: 10 } }), trace('middle', { metrics: { load: 20 } })]

  it('orders by distance', async () => {
    expect(await ids(loads, seen({ metrics: { load: 10 } }), 3)).toEqual(['near', 'middle', 'far'])
    expect(await ids(loads, seen({ metrics: { load: 10 } }), 0)).toEqual([])
  })

  it('prefers the newer of two that are as near, whatever their order', async () => {
    const equal = [trace('b'), trace('a'), trace('new', { time: '2026-02-01T00:00:00.000Z' })]
    for (const order of [equal, equal.toReversed()]) expect(await ids(order, seen({}))).toEqual(['new', 'a', 'b'])
  })

  it('prefers the same workload, and a similar one to another', async () => {
    const past = [trace('other', { workload: 'postgres analytics' }), trace('like', { workload: 'redis queue' }), trace('same', { workload: 'redis cache' })]
    expect(await ids(past, seen({ workload: 'redis cache' }))).toEqual(['same', 'like', 'other'])
  })

  it('tells two workloads of one plugin apart, also from a trace that names the plugin alone', async () => {
    const past = [trace('other', { workload: '@acme/command 99999999' }), trace('old', { workload: '@acme/command' }), trace('same', { workload: '@acme/command 1a2b3c4d' })]
    const found = await nearest(past, seen({ workload: '@acme/command 1a2b3c4d' }), 3)
    expect(found[0]).toMatchObject({ trace: { id: 'same' }, words: 0 })
    for (const { words } of found.slice(1)) expect(words).toBeGreaterThan(0)
  })

  it('takes a word that all have for little, and a rare one for much', async () => {
    const host = (cpu_model: string) => ({ host: { cpu_model, virtualization: 'vm' } })
    const past = [trace('common', host('Xeon 6430')), ...Array.from({ length: 8 }, (_, index) => trace(`vm-${index}`, host('Xeon 8380'))), trace('rare', host('EPYC 7763'))]
    const [first, second] = await nearest(past, seen({ host: { cpu_model: 'EPYC 9654', virtualization: 'vm' } }), 2)
    expect(first?.trace.id).toBe('rare')
    expect(first?.words).toBeGreaterThan(0)
    expect(first?.words).toBeLessThan(second?.words ?? 0)
  })

  it('finds no distance in words for the very same ones, and the largest for none in common', async () => {
    const past = [trace('same', { workload: '@acme/web' }), trace('other', { workload: 'batch' }), trace('silent')]
    const found = await nearest(past, seen({ workload: '@acme/web' }), 3)
    expect(Object.fromEntries(found.map((near) => [near.trace.id, near.words]))).toEqual({ same: 0, other: 1, silent: null })
  })
})

it('knows what a run has left, and a tune of that name', () => {
  expect(['r1', 'r1/2', 'r12', 'r2/1'].map((id) => isOfRun(trace(id), 'r1'))).toEqual([true, true, false, false])
})

it('sees what the snapshot says and which workload measures', () => {
  const snapshot = { time: '2026-01-01T00:00:00.000Z', host: null, missing: [], metrics: [{ name: 'load', value: 9, unit: 'tasks', source: 't' }] }
  expect(seenBy({ snapshot, workload: null })).toEqual({ metrics: { load: 9 }, host: {}, workload: 'none' })
  expect(seenBy({ snapshot, workload: 'web' }).workload).toBe('web')
})

describe('in sentences', () => {
  it('says what is alike and what is not', async () => {
    const past = trace('r1', { metrics: { load: 9, p95_ms: 180, errors: 0 }, symptoms: ['p95_ms'], host: { cpus: 64, cpu_model: 'Altra' }, workload: 'web' })
    const now = seen({ metrics: { load: 9.4, p95_ms: 20, errors: 0 }, host: { cpus: 64, cpu_model: 'EPYC' }, workload: 'batch' })
    const [near] = await nearest([past], now, 1)
    if (!near) throw new Error('nothing is near')
    expect(explainNearness(near, now)).toEqual({
      id: 'near:r1',
      title: 'Why run r1 is near',
      text:
        'Distance 0.646 of 0..1 (metrics 0.274, symptoms 0.800, machine 0.667, words 1.000). Another workload: web then, batch now. What it acted on: p95_ms 180 then, 20 now. ' +
        'Alike: cpus 64 then, 64 now; load 9 then, 9.4 now. Unlike: cpu_model: EPYC no then, yes now; cpu_model: Altra yes then, no now; p95_ms 180 then, 20 now.',
      source: 'memory of past runs, run r1 of 2026-01-01T00:00:00.000Z',
    })
  })

  it('leaves out what neither says', async () => {
    const now = seen({ metrics: { load: 9 } })
    const [near] = await nearest([trace('r1', { metrics: { load: 9 } })], now, 1)
    expect(near && explainNearness(near, now).text).toBe('Distance 0.000 of 0..1 (metrics 0.000). Alike: load 9 then, 9 now.')
  })

  it('tells what a past run did with a knob', () => {
    const actions = [{ knob: 'vm.swappiness', from: 60, to: 10 }, { knob: 'vm.dirty_ratio', from: null, to: 30 }]
    const past = trace('r1', { actions, workload: 'web', improvement_pct: 4.25 })
    expect(pastRunInWords(past, 'vm.swappiness')).toBe('run r1 of 2026-01-01 on web changed it from 60 to 10 with 1 other: better, 4.3%')
    expect(pastRunInWords({ ...past, improvement_pct: null }, 'vm.dirty_ratio')).toContain('from unknown to 30')
  })
})
