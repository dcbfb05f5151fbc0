import { readFileSync } from 'node:fs'
import { type Arm, isSemantosError, type TrialRequest } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import synthetic, { INTERACTIONS, KNOB_DEFAULTS } from './index.js'
import { Options as Schema } from './options.js'

type Options = Parameters<typeof synthetic>[0]
type Values = Record<string, TrialRequest['knobs'] extends ReadonlyMap<string, infer V> ? V : never>

async function host(options?: Options, seed = 42) {
  const kit = await mount(synthetic(options), { seed })
  return {
    async trial(knobs: Values = {}, index = 0, arm: Arm = 'baseline') {
      const result = await kit.kernel.hooks.measure.run({ index, arm, knobs: new Map(Object.entries(knobs)), renew: [] }, kit.cycle)
      if (!result) throw new Error('nothing was measured')
      return result
    },
    [Symbol.asyncDispose]: () => kit.kernel.dispose(),
  }
}

describe('a trial', () => {
  it('is the same bytes for the same seed, arm and index, whatever was measured before it', async () => {
    await using one = await host()
    await using other = await host()
    await other.trial({ 'vm.swappiness': 100 }, 7, 'tuned')
    expect(JSON.stringify(await one.trial({}, 3))).toBe(JSON.stringify(await other.trial({}, 3)))
  })

  it('differs by seed, by arm and by index', async () => {
    await using first = await host()
    await using second = await host({}, 43)
    const results = [await first.trial(), await second.trial(), await first.trial({}, 0, 'tuned'), await first.trial({}, 1)]
    expect(new Set(results.map(({ latency }) => latency.p95_ms)).size).toBe(4)
  })

  it('has these numbers for seed 42 on every version of Node', async () => {
    await using kit = await host()
    expect((await kit.trial()).latency).toMatchInlineSnapshot(`
      {
        "max_ms": 1903.73432,
        "p50_ms": 113.799535,
        "p95_ms": 173.833317,
        "p99_ms": 200.055427,
      }
    `)
  })

  it('lies around 180 ms on the defaults, within a tenth', async () => {
    await using kit = await host()
    const p95Ms = await Promise.all(Array.from({ length: 400 }, async (_, index) => (await kit.trial({}, index)).latency.p95_ms))
    p95Ms.sort((a, b) => a - b)
    expect(p95Ms[200]).toBeGreaterThan(175)
    expect(p95Ms[200]).toBeLessThan(185)
    expect(p95Ms[20]).toBeGreaterThan(180 * 0.9)
    expect(p95Ms[380]).toBeLessThan(180 * 1.1)
  })

  it('takes the default for a knob that was not read back, and ignores a knob outside the model', async () => {
    await using kit = await host()
    const defaults = {
      'kernel.numa_balancing': 0, 'kernel.sched_latency_ns': 24_000_000, 'kernel.sched_min_granularity_ns': 3_000_000,
      'kernel.sched_wakeup_granularity_ns': 4_000_000, 'net.core.netdev_max_backlog': 1000, 'net.core.somaxconn': 4096,
      'vm.dirty_background_ratio': 10, 'vm.dirty_ratio': 20, 'vm.swappiness': 60,
    }
    expect(await kit.trial({ ...defaults, 'vm.max_map_count': 65_530, 'net.ipv4.tcp_rmem': [1, 2, 3] })).toEqual(await kit.trial())
  })

  it.each([['a word', 'many'], ['a vector', [1, 2]], ['a negative number', -1]])('refuses %s, naming the knob', async (_what, value) => {
    await using kit = await host()
    const error = await kit.trial({ 'net.core.somaxconn': value }).catch((caught: unknown) => caught)
    expect(isSemantosError(error) && [error.code, error.place]).toEqual(['SEMANTOS_E_WORKLOAD', 'net.core.somaxconn'])
  })

  it('counts requests beyond the client timeout as errors, which leave the throughput', async () => {
    await using kit = await host({ client_timeout_ms: 150, arrival_rate_per_s: 8000 })
    const { errors, latency, requests, throughput_per_s: throughput } = await kit.trial()
    expect(errors).toBeGreaterThan(0)
    expect(latency.max_ms).toBe(150)
    expect(throughput).toBeCloseTo((8000 * (requests - errors)) / requests, 3)
  })

  it('has finite, ordered percentiles for every value that a kernel accepts, on every host', async () => {
    const upTo = (max: number, min = 0) => fc.integer({ min, max })
    const knobs = fc.record(
      {
        'kernel.numa_balancing': upTo(4),
        'kernel.sched_latency_ns': upTo(1e9, 1e5),
        'kernel.sched_min_granularity_ns': upTo(1e9, 1e5),
        'kernel.sched_wakeup_granularity_ns': upTo(1e9),
        'net.core.netdev_max_backlog': upTo(2 ** 31 - 1),
        'net.core.somaxconn': upTo(2 ** 31 - 1),
        'vm.dirty_background_ratio': upTo(100),
        'vm.dirty_ratio': upTo(100),
        'vm.swappiness': upTo(200),
      },
      { requiredKeys: [] },
    )
    const options = fc.record({
      requests: upTo(200, 20),
      arrival_rate_per_s: fc.double({ min: 1, max: 1e6, noNaN: true }),
      load_tasks: fc.double({ min: 0, max: 1000, noNaN: true }),
      upload_kib: fc.double({ min: 0, max: 1e6, noNaN: true }),
      dirtyable_mib: fc.double({ min: 1, max: 1e8, noNaN: true }),
      memory_overcommit_pct: fc.double({ min: 0, max: 100, noNaN: true }),
      numa_nodes: upTo(1024, 1),
      traffic_variation_pct: fc.double({ min: 0, max: 50, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(knobs, options, fc.integer(), async (values, given, seed) => {
        await using kit = await host(given, seed)
        const { latency, errors, requests, counters } = await kit.trial(values)
        expect(Number.isFinite(latency.max_ms)).toBe(true)
        expect(latency.p50_ms).toBeGreaterThan(0)
        expect(latency.p95_ms).toBeGreaterThanOrEqual(latency.p50_ms)
        expect(latency.p99_ms).toBeGreaterThanOrEqual(latency.p95_ms)
        expect(latency.max_ms).toBeGreaterThanOrEqual(latency.p99_ms)
        expect(errors).toBeLessThanOrEqual(requests)
        for (const counted of Object.values(counters)) expect(counted).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the page', () => {
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

  it('has every option, knob and counter of the model', async () => {
    await using kit = await host()
    const { counters } = await kit.trial()
    const names = [...Object.keys(Schema.shape), ...Object.keys(Schema.shape.mechanisms.parse({})), ...Object.keys(counters)]
    for (const name of names) expect(page).toContain(`\`${name}\``)
    for (const [knob, value] of Object.entries(KNOB_DEFAULTS)) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${knob}\` |`))
      expect(row).toContain(`(${value.toLocaleString('en-US')})`)
    }
  })

  it('has every interaction', () => {
    for (const { knobs: [first, second], kind } of INTERACTIONS) {
      expect(page.split('\n').some((line) => line.includes(`\`${first}\`, \`${second}\``) && line.includes(`\`${kind}\``))).toBe(true)
    }
  })
})
