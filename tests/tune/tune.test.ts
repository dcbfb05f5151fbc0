import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sandbox from '@semantos/applier-sandbox'
import { definePlugin, type RecommendationDraft, SemantosError, z } from '@semantos/core'
import { TrialLog, measureAndTry as tune, TUNE_DEFAULTS, type TuneSettings } from '@semantos/engine'
import bounds from '@semantos/guardrails-bounds'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import synthetic from '@semantos/telemetry-synthetic'
import { describe, expect, test } from 'vitest'

const PLANTED = 'vm.dirty_background_ratio'
const options = z.strictObject({})
const recommend = (knob: string, value: number): RecommendationDraft => ({ knob, value, rationale: 'a test', expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.2 })

const SIX = [
  recommend('vm.swappiness', 10), recommend('net.core.netdev_max_backlog', 4096), recommend('vm.vfs_cache_pressure', 50), recommend(PLANTED, 5), recommend('net.core.somaxconn', 8192), recommend('vm.watermark_scale_factor', 80),
]
const reasoner = (recommendations: readonly RecommendationDraft[]) => definePlugin({
  name: 'what-to-try', stage: 'reasoning', api: 1, options,
  setup: ({ hooks }) => hooks.reason.tapPromise('all', () => ({ recommendations: [...recommendations] })),
})()

/**
 * Latencies with log-normal noise (4%); the planted knob multiplies them by `factor` and throughput by `throughput`. No trial
 * succeeds while the knob `deadly` is at 8192; with `nothing`, none ever does.
 */
function host(factor: number, throughput = 1, unseen: readonly 'next listen()'[] = [], deadly = 'none', noise = 0.04) {
  return definePlugin({
    name: 'planted', stage: 'workload', api: 1, options,
    setup: ({ hooks }) => hooks.measure.tapPromise('trial', ({ index, knobs }, { random }) => {
      if (knobs.get(deadly) === 8192 || deadly === 'nothing') throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: 'the service is gone' })
      const draw = random(`trial/${index}`)
      const planted = knobs.get(PLANTED) === 5
      const p95 = 100 * (planted ? factor : 1) * Math.exp(noise * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw()))
      return { latency: { p50_ms: p95 / 2, p95_ms: p95, p99_ms: p95 * 1.5, max_ms: p95 * 2 }, throughput_per_s: planted ? 1000 * throughput : 1000, requests: 1000, errors: 0, counters: {}, unseen }
    }),
  })
}

/** The planted knob halves latencies and another takes three tenths off what is left. */
function twoThatHelp() {
  return definePlugin({
    name: 'two-that-help', stage: 'workload', api: 1, options,
    setup: ({ hooks }) => hooks.measure.tapPromise('trial', ({ index, knobs }, { random }) => {
      const p95 = 100 * (knobs.get(PLANTED) === 5 ? 0.5 : 1) * (knobs.get('net.core.somaxconn') === 8192 ? 0.7 : 1) * (1 + 0.02 * random(`trial/${index}`)())
      return { latency: { p50_ms: p95 / 2, p95_ms: p95, p99_ms: p95 * 1.5, max_ms: p95 * 2 }, throughput_per_s: 1000, requests: 1000, errors: 0, counters: {} }
    }),
  })
}

/** The larger the reserve, the better: the best value is far from the present one. */
function ladder() {
  return definePlugin({
    name: 'ladder', stage: 'workload', api: 1, options,
    setup: ({ hooks }) => hooks.measure.tapPromise('trial', ({ index, knobs }, { random }) => {
      const p95 = (1000 / Number(knobs.get('vm.watermark_scale_factor'))) * (1 + 0.02 * random(`trial/${index}`)())
      return { latency: { p50_ms: p95 / 2, p95_ms: p95, p99_ms: p95 * 1.5, max_ms: p95 * 2 }, throughput_per_s: 1000, requests: 1000, errors: 0, counters: {} }
    }),
  })
}

async function run(workload: ReturnType<typeof host>, seed: number, { log = join(mkdtempSync(join(tmpdir(), 'semantos-tune-')), 'trials.jsonl'), apply = true, trials = 60, ms = Number.POSITIVE_INFINITY, plan = SIX, asked = '', said = new Array<string>() } = {}) {
  await using kit = await mount([synthetic(), catalogue(), reasoner(plan), bounds(), sandbox(), workload()], { seed })
  const settings: TuneSettings = {
    ...TUNE_DEFAULTS, run: 'test', seed, slo: { p95_ms: 120 }, knobs: asked === '' ? ['vm.*', 'net.core.*'] : [asked], asked: asked !== '', budget: { trials, ms }, settleMs: 0, apply,
  }
  const trialLog = new TrialLog(log)
  const { report } = await tune(kit.kernel, settings, trialLog)
  trialLog.close()
  said.push(...kit.logged)
  return report
}

describe('tune', { timeout: 600_000 }, () => {
  test('only the knob that helps is kept', async () => {
    expect((await run(host(0.9), 2)).kept).toEqual([{ knob: PLANTED, value: 5 }])
  })

  test('where few trials fit into the time, few of them tell the noise', async () => {
    const slow = definePlugin({
      name: 'slow', stage: 'workload', api: 1, options,
      setup: ({ hooks }) => hooks.measure.tapPromise('trial', async ({ index }) => {
        await sleep(50)
        return { latency: { p50_ms: 1, p95_ms: 10 + index / 100, p99_ms: 20, max_ms: 30 }, throughput_per_s: 1000, requests: 1000, errors: 0, counters: {} }
      }),
    })
    expect((await run(slow, 1, { apply: false, trials: Number.POSITIVE_INFINITY, ms: 1000 })).trials).toHaveLength(4)
  })

  test('what helps beside what has been kept is kept as well, and the end compares both with the baseline', async () => {
    const report = await run(twoThatHelp(), 1)
    expect(report.kept.map(({ knob }) => knob).sort()).toEqual(['net.core.somaxconn', PLANTED])
    const [first, second] = report.comparisons.filter(({ kept }) => kept)
    expect(first?.against).toEqual([])
    expect(second?.against).toEqual(first?.settings)
    expect(report.final?.p95.ratio).toBeCloseTo(0.5 * 0.7, 1)
  })

  test('which of the two arms of a block runs first is random, in the last comparison as well', async () => {
    const firsts: { readonly all: boolean[]; readonly last: boolean[] } = { all: [], last: [] }
    for (const seed of [1, 2, 3]) {
      const { trials, comparisons } = await run(twoThatHelp(), seed)
      const arms = trials.filter(({ phase }) => phase === 'confirm').map(({ arm }) => arm)
      const blocks = Array.from({ length: arms.length / 2 }, (_, index) => arms.slice(2 * index, 2 * index + 2))
      for (const block of blocks) expect(new Set(block).size).toBe(2)
      const compared = comparisons.reduce((sum, comparison) => sum + comparison.blocks, 0)
      expect(blocks.length).toBe(compared + 3)
      firsts.all.push(...blocks.slice(0, comparisons[0]?.blocks).map(([first]) => first === 'baseline'))
      firsts.last.push(...blocks.slice(-3).map(([first]) => first === 'baseline'))
    }
    expect(new Set(firsts.all).size).toBe(2)
    expect(new Set(firsts.last).size).toBe(2)
  })

  test('the chance of a false alarm is divided among the comparisons that may come', async () => {
    const first = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async (seed) => (await run(host(0.85, 1, [], 'none', 0.06), seed)).comparisons[0]))
    const better = first.filter((comparison) => comparison?.verdict === 'better')
    expect(better.length).toBeGreaterThan(0)
    // A third of 5%, of which the first of the looks may spend the most: ln(1 + (e - 1) 3/16).
    for (const comparison of better) expect(comparison?.p_value).toBeLessThanOrEqual((0.05 / 3) * 0.279)
  })

  test('what the budget cannot prove one by one is judged in sum, and the report says so', async () => {
    const report = await run(twoThatHelp(), 1, { trials: 20 })
    expect(report.kept.map(({ knob }) => knob).sort()).toEqual(['net.core.somaxconn', PLANTED])
    expect(report.comparisons.map(({ words }) => words)).toEqual([expect.stringMatching(/; 2 knobs judged in sum, 2 of them never left out for a trial$/)])
  })

  test('a knob of a bundle without which a trial is no worse is left out before the proof', async () => {
    const bundle = [{ ...recommend(PLANTED, 5), rules: ['both'] }, { ...recommend('vm.vfs_cache_pressure', 50), rules: ['both'] }]
    const report = await run(host(0.5), 1, { plan: bundle })
    expect(report.kept).toEqual([{ knob: PLANTED, value: 5 }])
    expect(report.skipped).toContainEqual({ candidate: 'vm.vfs_cache_pressure=50', settings: [{ knob: 'vm.vfs_cache_pressure', value: 50 }], reason: 'the knobs it was tried with are no worse without it' })
    expect(report.comparisons.map(({ words }) => words).join()).not.toContain('in sum')
  })

  test('no rung of the ladder is tried twice', async () => {
    const { trials, plan } = await run(host(0.5), 1)
    const proposed = plan.recommendations.map(({ knob, value }) => `${knob}=${JSON.stringify(value)}`)
    const rungs = trials.filter(({ phase, arm }) => phase === 'screen' && arm !== 'baseline' && !proposed.includes(arm)).map(({ arm }) => arm)
    expect(rungs.length).toBeGreaterThan(0)
    expect(new Set(rungs).size).toBe(rungs.length)
  })

  test('an obvious effect ends early, and the baseline is proven to be back', async () => {
    const report = await run(host(0.3), 1)
    expect(report).toMatchObject({ outcome: 'kept', kept: [{ knob: PLANTED, value: 5 }], heal: { values_restored: true } })
    expect(report.comparisons.find(({ kept }) => kept)?.blocks).toBeLessThanOrEqual(4)
    expect(report.final?.p95.ratio).toBeCloseTo(0.3, 1)
  })

  test('a machine that has drifted by the end is not called healed', async () => {
    const drifting = definePlugin({
      name: 'drifting', stage: 'workload', api: 1, options,
      setup: ({ hooks }) => hooks.measure.tapPromise('trial', ({ index }) => {
        const p95 = index > 8 ? 300 : 100 + index / 100
        return { latency: { p50_ms: 1, p95_ms: p95, p99_ms: 400, max_ms: 500 }, throughput_per_s: 1000, requests: 1000, errors: 0, counters: {} }
      }),
    })
    const { heal, trials } = await run(drifting, 1, { plan: [] })
    expect(trials.map(({ phase }) => phase)).toEqual([...Array.from({ length: 8 }, () => 'noise'), 'heal', 'heal'])
    expect(heal?.values_restored).toBe(true)
    expect(heal?.words).toMatch(/p95 was 3\.00 times what it was at first: the machine has drifted/)
  })

  test('what makes latency better and throughput worse is not kept', async () => {
    const report = await run(host(0.5, 0.6), 1)
    expect(report.kept).toEqual([])
    expect(report.comparisons.find(({ verdict }) => verdict === 'better')?.guards.join()).toMatch(/throughput 1000 -> 600/)
  })

  test('a candidate with which the workload fails is left out, and the tune goes on', async () => {
    const report = await run(host(0.5, 1, [], 'net.core.somaxconn'), 1)
    expect(report).toMatchObject({ outcome: 'kept', kept: [{ knob: PLANTED, value: 5 }], heal: { values_restored: true } })
    expect(report.skipped.find(({ candidate }) => candidate.startsWith('net.core.somaxconn'))?.reason).toBe('the workload fails with it: the service is gone')
  })

  test('a workload that fails on the baseline ends the tune', async () => {
    await expect(run(host(1, 1, [], 'nothing'), 1)).rejects.toMatchObject({ code: 'SEMANTOS_E_WORKLOAD' })
  })

  test('a machine too noisy to tell says so and stops', async () => {
    const report = await run(host(0.5, 1, [], 'none', 3), 1)
    expect(report).toMatchObject({ outcome: 'too noisy', kept: [], comparisons: [] })
    expect(report.trials.length).toBeLessThanOrEqual(12)
  })

  test('noise that hides a third does not hide a factor of twenty', async () => {
    expect((await run(host(0.05, 1, [], 'none', 0.4), 1, { trials: 25 })).kept).toEqual([{ knob: PLANTED, value: 5 }])
  })

  test('a value far away is reached in steps, each within what the guard allows from where the last one worked', async () => {
    const report = await run(ladder(), 1)
    // From 10, and ten times as much is the guard's bound.
    expect(report.kept).toEqual([{ knob: 'vm.watermark_scale_factor', value: 320 }])
  })

  test('what a trial does not show the worth of is never tried, whoever recommends it', async () => {
    const report = await run(host(1), 1, { plan: [recommend('vm.oom_dump_tasks', 0)] })
    expect(report.skipped).toMatchObject([{ candidate: 'vm.oom_dump_tasks=0', reason: 'a trial does not show what vm.oom_dump_tasks is for' }])
    expect(report.trials.every(({ arm }) => arm === 'baseline')).toBe(true)
  })

  test('a workload that cannot see a knob says so, and the knob is not judged', async () => {
    const report = await run(host(1, 1, ['next listen()']), 1)
    expect(report.skipped.find(({ candidate }) => candidate.startsWith('net.core.somaxconn'))?.reason).toMatch(/cannot see net\.core\.somaxconn \(takes effect at next listen\(\)\)/)
  })

  test('the budget holds for the whole tune, the heal check included', async () => {
    const report = await run(host(0.5), 1, { trials: 20 })
    expect(report.outcome).toBe('kept')
    expect(report.trials.length).toBeLessThanOrEqual(20)
    expect(report.trials.at(-1)).toMatchObject({ phase: 'heal', arm: 'baseline' })
  })

  test('a budget for one comparison is spent on one, of the surest candidate', async () => {
    const sure = SIX.map((one) => ({ ...one, uncertainty: one.knob === PLANTED ? 0.1 : 0.2 }))
    const report = await run(host(0.3), 1, { trials: 12, plan: sure })
    expect(report).toMatchObject({ outcome: 'kept', kept: [{ knob: PLANTED, value: 5 }] })
    expect(report.trials.map(({ phase }) => phase)).toEqual([...Array.from({ length: 4 }, () => 'noise'), 'screen', ...Array.from({ length: 6 }, () => 'confirm'), 'heal'])
    expect(report.skipped.filter(({ reason }) => reason === 'the budget does not last for it')).toHaveLength(5)
  })

  test('where the budget is for fewer trials than a comparison takes, that is said, and candidates are looked at', async () => {
    const said: string[] = []
    const report = await run(host(0.3), 1, { trials: 11, said })
    expect(said).toEqual(['semantos: of the budget 6 trials are left; to compare a candidate takes 6, and one to look at it: give more with --budget'])
    expect(report.trials.filter(({ phase, arm }) => phase === 'screen' && arm !== 'baseline').length).toBeGreaterThan(3)
  })

  test('of a knob that was kept, another value is not called kept', async () => {
    const fewer = definePlugin({
      name: 'fewer', stage: 'workload', api: 1, options,
      setup: ({ hooks }) => hooks.measure.tapPromise('trial', ({ index, knobs }, { random }) => {
        const p95 = Number(knobs.get('vm.vfs_cache_pressure')) * (1 + 0.02 * random(`trial/${index}`)())
        return { latency: { p50_ms: p95 / 2, p95_ms: p95, p99_ms: p95 * 1.5, max_ms: p95 * 2 }, throughput_per_s: 1000, requests: 1000, errors: 0, counters: {} }
      }),
    })
    const { kept, skipped } = await run(fewer, 1, { plan: [], asked: 'vm.vfs_cache_pressure' })
    expect(kept).toMatchObject([{ knob: 'vm.vfs_cache_pressure' }])
    expect(skipped.map(({ reason }) => reason)).toEqual(['another value of it was kept'])
  })

  test('without leave to apply only the baseline is measured', async () => {
    const report = await run(host(0.3), 1, { apply: false })
    expect(report.outcome).toBe('measured only')
    expect(new Set(report.trials.map(({ arm }) => arm))).toEqual(new Set(['baseline']))
    expect(report.skipped.length).toBe(6)
  })

  test('a tune that was cut off goes on where it was: same trials, same end, none twice', async () => {
    const log = join(mkdtempSync(join(tmpdir(), 'semantos-tune-')), 'trials.jsonl')
    const whole = await run(host(0.8), 3, { log })
    const lines = readFileSync(log, 'utf8').split('\n')
    writeFileSync(log, `${lines.slice(0, 15).join('\n')}\n${lines[15]?.slice(0, 40) ?? ''}`)
    const resumed = await run(host(0.8), 3, { log })
    expect(resumed.kept).toEqual(whole.kept)
    expect(resumed.trials.map(({ number, arm, result }) => ({ number, arm, result }))).toEqual(whole.trials.map(({ number, arm, result }) => ({ number, arm, result })))
    expect(readFileSync(log, 'utf8').trim().split('\n').length).toBe(lines.length - 1)
  })
})
