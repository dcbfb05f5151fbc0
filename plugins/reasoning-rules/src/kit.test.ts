import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasoner, valuesFor } from '../testing/situation.js'

const KIT = { sets: ['kit' as const] }
const SLO_P95_MS = 120

/** The engine of the reproduction kit, as its description gives it. */
function kit({ p95_ms, irq_rate, load }: { p95_ms: number; irq_rate: number; load: number }) {
  return {
    'kernel.sched_latency_ns': load > 8 ? 18_000_000 : 24_000_000,
    'kernel.sched_min_granularity_ns': load > 8 ? 3_000_000 : 4_000_000,
    'vm.dirty_background_ratio': p95_ms > SLO_P95_MS ? 8 : 5,
    'vm.dirty_ratio': p95_ms > SLO_P95_MS ? 25 : 15,
    'net.core.somaxconn': load > 8 ? 32_768 : 16_384,
    'net.core.netdev_max_backlog': irq_rate > 18_000 ? 4096 : 2048,
    'kernel.numa_balancing': load > 5 ? 1 : 0,
    'vm.swappiness': p95_ms > SLO_P95_MS ? 10 : 30,
  }
}

describe('the rules of the kit', () => {
  it('give its values for its sample telemetry, in its order', async () => {
    for (const metrics of [{ p95_ms: 182.3, irq_rate: 21_000, load: 9.4 }, { p95_ms: 171.8, irq_rate: 12_000, load: 5.6 }, { p95_ms: 198.1, irq_rate: 26_000, load: 11.3 }]) {
      expect(Object.entries(await valuesFor(KIT, { metrics }))).toEqual(Object.entries(kit(metrics)))
    }
  })

  it('give its values on both sides of every threshold, and at it', async () => {
    for (const [p95_ms, irq_rate, load] of [[120, 18_000, 8], [120.1, 18_001, 8.1], [119.9, 17_999, 5], [0, 0, 5.1]]) {
      const metrics = { p95_ms: p95_ms ?? 0, irq_rate: irq_rate ?? 0, load: load ?? 0 }
      expect(await valuesFor(KIT, { metrics })).toEqual(kit(metrics))
    }
  })

  it('give its values for any telemetry', async () => {
    await using rules = await reasoner(KIT)
    const number = (max: number) => fc.double({ min: 0, max, noNaN: true }).map((value) => value + 0)
    await fc.assert(
      fc.asyncProperty(fc.record({ p95_ms: number(400), irq_rate: number(40_000), load: number(20) }), async (metrics) => {
        const { recommendations, advice } = await rules.reason({ metrics })
        expect(Object.fromEntries(recommendations.map(({ knob, value }) => [knob, value]))).toEqual(kit(metrics))
        expect(advice).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('speak only where the options name them: the default is the evidence of counters', async () => {
    const metrics = { p95_ms: 180, irq_rate: 10_000, load: 6 }
    const byDefault = await valuesFor({}, { metrics })
    expect(byDefault).toEqual(await valuesFor({ sets: ['evidence'] }, { metrics }))
    expect(byDefault).not.toMatchObject(kit(metrics))
  })

  it('take the objective of the run', async () => {
    await using rules = await reasoner(KIT)
    const situation = rules.situation({ metrics: { p95_ms: 180, irq_rate: 0, load: 0 } })
    const plan = await rules.kit.kernel.hooks.reason.run({ recommendations: [], advice: [] }, { ...situation, slo: { p95_ms: 200 } })
    expect(plan.recommendations.find(({ knob }) => knob === 'vm.swappiness')?.value).toBe(30)
  })

  it('recommend all eight, also what already stands so', async () => {
    const metrics = { p95_ms: 180, irq_rate: 20_000, load: 9 }
    expect(await valuesFor(KIT, { metrics, current: kit(metrics) })).toEqual(kit(metrics))
  })

  it('say of each why, from which telemetry, with what effect and how sure, each in its own words', async () => {
    await using rules = await reasoner(KIT)
    for (const load of [4, 9]) {
      for (const p95 of [100, 180]) {
        const { recommendations } = await rules.reason({ metrics: { p95_ms: p95, irq_rate: 20_000, load } })
        expect(new Set(recommendations.map(({ rationale }) => rationale)).size).toBe(8)
        for (const { cues, rules: ids, expected, uncertainty, knob } of recommendations) {
          expect(cues).toHaveLength(1)
          expect(ids).toEqual([expect.stringMatching(/^kit\..*\/value$/)])
          expect(ids[0]).toContain(knob)
          expect(expected.change_pct).toBeLessThan(0)
          expect(uncertainty).toBeGreaterThan(0)
          expect(uncertainty).toBeLessThan(0.55)
        }
      }
    }
  })

  it('show the metric and its threshold as the cue', async () => {
    await using rules = await reasoner(KIT)
    const { recommendations } = await rules.reason({ metrics: { p95_ms: 180, irq_rate: 20_000, load: 9 } })
    expect(recommendations.find(({ knob }) => knob === 'vm.swappiness')?.cues).toEqual([{ metric: 'p95_ms', value: 180, because: 'above the objective (120)' }])
  })

  it('do not recommend a knob that this kernel lacks, and name its successor', async () => {
    await using rules = await reasoner(KIT)
    const { recommendations, advice } = await rules.reason({ metrics: { p95_ms: 180, irq_rate: 20_000, load: 9 }, absent: { 'kernel.sched_latency_ns': 'sched.base_slice_ns', 'kernel.numa_balancing': null } })
    expect(recommendations.map(({ knob }) => knob)).toHaveLength(6)
    expect(advice.map(({ text }) => text)).toEqual([
      'A rule would set kernel.sched_latency_ns, but this kernel does not have it; its successor is sched.base_slice_ns.',
      'A rule would set kernel.numa_balancing, but this kernel does not have it.',
    ])
  })

  it('do not recommend a knob that is barred, or that no applier answers for', async () => {
    await using rules = await reasoner(KIT)
    const { recommendations, advice } = await rules.reason({ metrics: { p95_ms: 180, irq_rate: 20_000, load: 9 }, barred: ['vm.swappiness'], unread: ['net.core.somaxconn'] })
    expect(recommendations).toHaveLength(6)
    expect(advice.map(({ text }) => text)).toEqual([
      'A rule would set net.core.somaxconn, but that is not among the knobs of this run, or no applier answers for it.',
      'A rule would set vm.swappiness, but the kernel is locked down.',
    ])
  })

  it('recommend nothing from a metric that is not measured, and say which it is', async () => {
    await using rules = await reasoner(KIT)
    const { recommendations, advice } = await rules.reason({ metrics: { p95_ms: 180, irq_rate: 20_000 }, missing: ['load'] })
    expect(recommendations.map(({ knob }) => knob)).toEqual(['vm.dirty_background_ratio', 'vm.dirty_ratio', 'net.core.netdev_max_backlog', 'vm.swappiness'])
    expect(advice).toEqual([
      {
        symptom: 'load is not measured',
        text: 'Nothing is recommended for kernel.sched_latency_ns, kernel.sched_min_granularity_ns, net.core.somaxconn, kernel.numa_balancing: the rules need load. this kernel has no such counter',
        cues: [],
      },
    ])
  })

  it('pass the guardrails from the defaults of the kernel', async () => {
    await using rules = await reasoner(KIT)
    for (const load of [4, 9]) for (const p95 of [100, 180]) expect(await rules.objections({ metrics: { p95_ms: p95, irq_rate: 20_000, load } })).toEqual([])
  })
})
