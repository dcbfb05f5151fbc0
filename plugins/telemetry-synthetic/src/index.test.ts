import { readFileSync } from 'node:fs'
import { isSemantosError, metricValue } from '@semantos/core'
import { SnapshotDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import synthetic from './index.js'
import { SIGNALS } from './signals.js'

type Options = Parameters<typeof synthetic>[0]

async function look(seed: number, options?: Options) {
  await using kit = await mount(synthetic(options), { seed })
  return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(kit.kernel.now())
}

describe('telemetry-synthetic', () => {
  it('shows every signal in its range and with its unit, for any seed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const snapshot = await look(seed)
        expect(snapshot.metrics).toHaveLength(SIGNALS.length)
        for (const { name, unit, low, high } of SIGNALS) {
          const metric = snapshot.metrics.find((candidate) => candidate.name === name)
          expect(metric?.unit).toBe(unit)
          expect(metric?.value).toBeGreaterThanOrEqual(low)
          expect(metric?.value).toBeLessThanOrEqual(high)
        }
      }),
      { numRuns: 30 },
    )
  })

  it("keeps to the reproduction kit's ranges and fills them", async () => {
    const looks = await Promise.all(Array.from({ length: 200 }, (_, seed) => look(seed)))
    const extremes = (name: string) => {
      const values = looks.map((snapshot) => metricValue(snapshot, name) ?? Number.NaN)
      return [Math.min(...values), Math.max(...values)]
    }
    const within = (name: string, low: number, high: number) => {
      const [least = Number.NaN, most = Number.NaN] = extremes(name)
      const margin = (high - low) / 20
      expect(least).toBeGreaterThanOrEqual(low)
      expect(least).toBeLessThan(low + margin)
      expect(most).toBeLessThanOrEqual(high)
      expect(most).toBeGreaterThan(high - margin)
    }
    within('p95_ms', 180 * 0.9, 180 * 1.1)
    within('irq_rate', 8000, 28_000)
    within('load', 4, 12)
  })

  it('gives the same snapshot for the same seed, and another for another', async () => {
    expect(await look(42)).toEqual(await look(42))
    expect(await look(42)).not.toEqual(await look(43))
  })

  it('shows the same situation at every look of a run', async () => {
    await using kit = await mount(synthetic())
    const collect = async () => (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(kit.kernel.now())
    expect(await collect()).toEqual(await collect())
  })

  it('pins a signal and leaves every other one as it was', async () => {
    const free = await look(42)
    const pinned = await look(42, { signals: { load: 9.4 } })
    expect(metricValue(pinned, 'load')).toBe(9.4)
    expect(pinned.metrics.filter(({ name }) => name !== 'load')).toEqual(free.metrics.filter(({ name }) => name !== 'load'))
  })

  it('describes the host', async () => {
    expect((await look(1)).host).toMatchObject({
      name: 'synthetic', kernel: '5.10.0-synthetic', cpu_model: 'AMD EPYC 7763', cpus: 64, numa_nodes: 2, memory_bytes: 256 * 1024 ** 3, virtualization: 'none',
    })
  })

  const misspelt = { signals: {}, signal: { load: 9 } }
  it.each<[string, Options, string]>([
    ['an unknown signal', { signals: { lod: 9 } }, 'lod'],
    ['a signal that is no number', { signals: { load: Number.NaN } }, 'load'],
    ['an unknown option', misspelt, 'signal'],
  ])('refuses %s, naming it', async (_what, options, name) => {
    const error = await look(1, options).catch((caught: unknown) => caught)
    expect(isSemantosError(error) && error.code).toBe('SEMANTOS_E_PLUGIN_OPTIONS')
    expect(String(error)).toContain(name)
  })

  it('is described by its page, signal by signal', () => {
    const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    for (const { name, unit } of SIGNALS) expect(page).toContain(`| \`${name}\` | ${unit} |`)
  })
})
