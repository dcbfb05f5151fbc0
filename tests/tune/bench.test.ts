import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TuneTrial } from '@semantos/core'
import { Bench, TUNE_DEFAULTS, TrialLog } from '@semantos/core/embed'
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
