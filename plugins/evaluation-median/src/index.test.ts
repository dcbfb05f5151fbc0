import type { Arm, Evaluation, Trial } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import evaluationMedian from './index.js'

const NOTHING: Evaluation = {
  trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing was measured',
}

function trial(arm: Arm, index: number, p95Ms: number): Trial {
  return { arm, index, latency: { p50_ms: 0, p95_ms: p95Ms, p99_ms: p95Ms, max_ms: p95Ms }, throughput_per_s: 1, requests: 1, errors: 0, counters: {}, unseen: [] }
}

async function evaluate(baseline: readonly number[], tuned: readonly number[], options = {}, seed = 42): Promise<Evaluation> {
  await using kit = await mount(evaluationMedian(options), { seed })
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  for (const [index, p95Ms] of baseline.entries()) await kit.kernel.hooks.trial.run(trial('baseline', index, p95Ms), kit.cycle)
  for (const [index, p95Ms] of tuned.entries()) await kit.kernel.hooks.trial.run(trial('tuned', index, p95Ms), kit.cycle)
  return await kit.kernel.hooks.evaluate.run(NOTHING, kit.cycle)
}

/** Sixteen p95s around a centre, some percent apart, no two the same. */
function around(centreMs: number, spreadPct: number, phase = 0): number[] {
  return Array.from({ length: 16 }, (_, index) => centreMs * (1 + (spreadPct / 100) * Math.sin(index + phase)))
}

describe('evaluation-median', () => {
  it('reports medians, the improvement in percent of the baseline, and how sure it is', async () => {
    const evaluation = await evaluate([100, 110, 120, 130, 140], [80, 88, 90, 99, 104])
    expect(evaluation).toMatchObject({ trials: 5, baseline_p95_ms: 120, tuned_p95_ms: 90, improvement_pct: 25, p_value: 0.01587 })
  })

  it("calls it better when the interval excludes zero, p is small and the effect is large enough", async () => {
    const evaluation = await evaluate(around(120, 5), around(100, 5, 1))
    expect(evaluation.verdict).toBe('better')
    expect(evaluation.interval_pct?.[0]).toBeGreaterThan(0)
    expect(evaluation.words).toMatch(/^the median p95 fell by \d+\.\d% \(95% interval \d+\.\d% to \d+\.\d%, p below 0\.001\)$/)
  })

  it('calls it worse likewise', async () => {
    const evaluation = await evaluate(around(100, 5), around(120, 5, 1))
    expect(evaluation.verdict).toBe('worse')
    expect(evaluation.improvement_pct).toBeLessThan(0)
    expect(evaluation.words).toMatch(/^the median p95 rose by \d/)
  })

  it('does not call an effect better that is clear but smaller than min_effect_pct', async () => {
    const [baseline, tuned] = [around(100, 0.05), around(99.5, 0.05)]
    expect((await evaluate(baseline, tuned, { min_effect_pct: 0.4 })).verdict).toBe('better')
    expect((await evaluate(baseline, tuned)).verdict).toBe('no difference')
    expect((await evaluate(baseline, tuned, { no_difference_pct: 0.1 })).verdict).toBe('inconclusive')
  })

  it('calls it no difference only when the whole interval is near zero', async () => {
    expect((await evaluate(around(100, 0.3), around(100, 0.3, 1))).verdict).toBe('no difference')
    expect((await evaluate(around(100, 20), around(100, 20, 1))).verdict).toBe('inconclusive')
  })

  it('does not trust three trials, however far apart', async () => {
    expect((await evaluate([200, 201, 202], [100, 101, 102])).verdict).toBe('inconclusive')
  })

  it.each([
    { baseline: [], tuned: [], words: 'no trial was run' },
    { baseline: [1, 2], tuned: [], words: 'no trial was run after the change' },
    { baseline: [], tuned: [1, 2], words: 'no trial was run before the change' },
    { baseline: [0, 2], tuned: [1, 2], words: 'a trial before the change has a p95 of 0 ms, so there is nothing to take a percentage of' },
  ])('is not measured: $words', async ({ baseline, tuned, words }) => {
    expect(await evaluate(baseline, tuned)).toMatchObject({ verdict: 'not measured', words, improvement_pct: null, interval_pct: null, p_value: null })
  })

  it('says nothing of a baseline against itself, whatever the numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }), async (values) => {
        const { verdict, improvement_pct, p_value } = await evaluate(values, values, { resamples: 100 })
        expect(verdict).toMatch(/no difference|inconclusive/)
        expect(improvement_pct).toBe(0)
        expect(p_value).toBe(1)
      }),
      { numRuns: 40 },
    )
  })

  it('gives an interval around the estimate, whatever the numbers', async () => {
    const arm = fc.array(fc.double({ min: 0.01, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(arm, arm, async (baseline, tuned) => {
        const { interval_pct, improvement_pct } = await evaluate(baseline, tuned, { resamples: 2000 })
        expect(interval_pct?.[0]).toBeLessThanOrEqual(improvement_pct ?? Number.NaN)
        expect(interval_pct?.[1]).toBeGreaterThanOrEqual(improvement_pct ?? Number.NaN)
      }),
      { numRuns: 40 },
    )
  })

  it('does not take the warm-up of a service for an effect, in either direction', async () => {
    expect((await evaluate([10, 9.1, 8.2, 7.4], [6.5, 5.7, 4.8, 4.1])).verdict).toBe('inconclusive')
    expect((await evaluate([4, 4.9, 5.8, 6.6], [7.5, 8.3, 9.2, 10])).verdict).toBe('inconclusive')
    expect((await evaluate([10, 9.1, 8.2, 7.4], [1.2, 1.1, 1, 0.9])).verdict).toBe('better')
    expect((await evaluate([10, 9.1, 8.2, 7.4], [11.2, 11.1, 11, 10.9])).verdict).toBe('worse')
  })

  it('has the estimate in its interval in words too, whatever the verdict', async () => {
    const arm = fc.array(fc.double({ min: 0.1, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 12 })
    const scaled = fc.tuple(arm, fc.constantFrom(0.3, 0.9, 1, 1.1, 3)).map(([values, factor]) => values.map((value) => value * factor))
    await fc.assert(
      fc.asyncProperty(arm, fc.option(scaled, { nil: null }), fc.constantFrom(0.5, 1, 2), async (baseline, other, factor) => {
        const { words, verdict } = await evaluate(baseline, other ?? baseline.map((value) => value * factor), { resamples: 200 })
        const [, estimate, low, high] = /(?:by|within ±) ?(-?[\d.]+)% \(95% interval (-?[\d.]+)% to (-?[\d.]+)%/.exec(words) ?? []
        expect(Number(low), words).toBeLessThanOrEqual(Number(high))
        if (verdict === 'no difference') return
        expect(Number(estimate), words).toBeGreaterThanOrEqual(Number(low))
        expect(Number(estimate), words).toBeLessThanOrEqual(Number(high))
      }),
      { numRuns: 200 },
    )
  })

  it('is the same for the same seed, and its interval moves with the seed', async () => {
    const [baseline, tuned] = [around(120, 20), around(100, 20, 1)]
    expect(await evaluate(baseline, tuned)).toEqual(await evaluate(baseline, tuned))
    expect((await evaluate(baseline, tuned, {}, 7)).interval_pct).not.toEqual((await evaluate(baseline, tuned)).interval_pct)
  })

  it('starts anew with each run', async () => {
    await using kit = await mount(evaluationMedian())
    await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
    await kit.kernel.hooks.trial.run(trial('baseline', 0, 100), kit.cycle)
    expect(await kit.kernel.hooks.evaluate.run(NOTHING, kit.anotherRun())).toMatchObject({ trials: 0, words: 'no trial was run' })
  })

  it('holds 100,000 trials an arm in little memory', async () => {
    await using kit = await mount(evaluationMedian())
    await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
    const before = process.memoryUsage().arrayBuffers
    for (let index = 0; index < 100_000; index++) {
      await kit.kernel.hooks.trial.run(trial('baseline', index, 100 + (index % 997)), kit.cycle)
      await kit.kernel.hooks.trial.run(trial('tuned', index, 90 + (index % 991)), kit.cycle)
    }
    const evaluation = await kit.kernel.hooks.evaluate.run(NOTHING, kit.cycle)
    expect(evaluation).toMatchObject({ trials: 100_000, verdict: 'better' })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(12e6)
  }, 60_000)

  it('refuses an option that nobody reads', async () => {
    const misspelt: object = { resample: 1 }
    await expect(mount(evaluationMedian(misspelt))).rejects.toThrow('resample')
  })
})
