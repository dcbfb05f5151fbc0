import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sandbox from '@semantos/applier-sandbox'
import { definePlugin, type TuneTrial, z } from '@semantos/core'
import { BASELINE, Bench, readKnobs, TrialLog, TUNE_DEFAULTS } from '@semantos/engine'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import synthetic from '@semantos/workload-synthetic'
import { describe, expect, test } from 'vitest'

const ofSeconds = (seconds: number, number: number): TuneTrial => ({
  number, phase: 'noise', arm: 'baseline', started: '2026-01-01T00:00:00.000Z', duration_ms: seconds * 1000, metrics: {},
  result: { latency: { p50_ms: 1, p95_ms: 2, p99_ms: 3, max_ms: 4 }, throughput_per_s: 1, requests: 1, errors: 0, counters: {}, unseen: [] },
})

/** Trials left after `seconds` have been spent on each of so many. */
async function leftAfter(budget: { trials: number; ms: number }, ...seconds: number[]): Promise<number> {
  await using kit = await mount([synthetic()])
  const log = new TrialLog(join(mkdtempSync(join(tmpdir(), 'semantos-bench-')), 'trials.jsonl'))
  const settings = { ...TUNE_DEFAULTS, run: 'test', seed: 1, slo: { p95_ms: 120 }, knobs: ['*'], budget, settleMs: 0, apply: true }
  const bench = new Bench(kit.kernel, kit.cycle, settings, [], { readings: new Map(), claims: new Map() }, log)
  bench.trials.push(...seconds.map((each, index) => ofSeconds(each, index + 1)))
  log.close()
  return bench.left
}

describe('trials left', () => {
  test('are those of the budget without the heal check, which takes one where there are few', async () => {
    expect(await leftAfter({ trials: 40, ms: Number.POSITIVE_INFINITY }, 10, 10)).toBe(40 - 2 - 2)
    expect(await leftAfter({ trials: 20, ms: Number.POSITIVE_INFINITY }, 10, 10)).toBe(20 - 2 - 1)
  })

  test('fit into the time, by what those before took', async () => {
    expect(await leftAfter({ trials: Number.POSITIVE_INFINITY, ms: 300_000 }, 10, 20, 10, 20)).toBe((300 - 60) / 15 - 1)
    expect(await leftAfter({ trials: Number.POSITIVE_INFINITY, ms: 3_000_000 }, 10, 20, 10, 20)).toBe((3000 - 60) / 15 - 2)
    expect(await leftAfter({ trials: 10, ms: 300_000 }, 10, 20, 10, 20)).toBe(10 - 4 - 1)
  })
})

describe('a trial', () => {
  const SETTLE_MS = 600

  /** A bench over these knobs, with what the workload was asked for each time, and when. */
  async function measuring(...names: readonly string[]) {
    const asked: { renew: readonly string[]; at: number }[] = []
    const workload = definePlugin({
      name: 'asked', stage: 'workload', api: 1, options: z.strictObject({}),
      setup: ({ hooks }) => hooks.measure.tapPromise('trial', ({ renew }) => {
        asked.push({ renew, at: performance.now() })
        return { latency: { p50_ms: 1, p95_ms: 2, p99_ms: 3, max_ms: 4 }, throughput_per_s: 1, requests: 1, errors: 0, counters: {} }
      }),
    })
    const kit = await mount([catalogue(), sandbox(), workload()])
    const log = new TrialLog(join(mkdtempSync(join(tmpdir(), 'semantos-bench-')), 'trials.jsonl'))
    const settings = { ...TUNE_DEFAULTS, run: 'test', seed: 1, slo: { p95_ms: 120 }, knobs: names, settleMs: SETTLE_MS, apply: true }
    const scope = kit.kernel.catalogue.matching(names)
    const cycle = { ...kit.cycle, catalogue: kit.kernel.catalogue }
    return { asked, scope, kit, log, bench: new Bench(kit.kernel, cycle, settings, scope, await readKnobs(kit.kernel, cycle, scope), log) }
  }

  test('has the workload make anew whatever the knobs on trial ask for, on the baseline as well', async () => {
    const { bench, asked, scope, kit, log } = await measuring('net.core.somaxconn', 'net.ipv4.tcp_rmem', 'vm.swappiness')
    await bench.trial('noise', BASELINE)
    await bench.trial('screen', { id: 'x', settings: [{ knob: 'vm.swappiness', value: 10 }] })
    await bench.backToBaseline()
    const wanted = [...new Set(scope.map(({ takes_effect: when }) => when))]
    expect(wanted).toContain('next listen()')
    expect(asked.map(({ renew }) => renew)).toEqual([wanted, wanted])
    log.close()
    await kit.kernel.dispose()
  })

  test('waits until a change has settled, and not where nothing was changed', async () => {
    const { bench, asked, kit, log } = await measuring('vm.swappiness')
    const arm = { id: 'x', settings: [{ knob: 'vm.swappiness', value: 10 }] }
    const waits: number[] = []
    for (const each of [BASELINE, arm, arm, BASELINE]) {
      const from = performance.now()
      await bench.trial('screen', each)
      waits.push((asked.at(-1)?.at ?? 0) - from)
    }
    expect(waits.map((ms) => ms >= SETTLE_MS - 1)).toEqual([false, true, false, true])
    log.close()
    await kit.kernel.dispose()
  })
})
