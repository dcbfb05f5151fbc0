import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Edge, z } from '@semantos/core'
import { addEdges, sweep, type SweepSettings } from '@semantos/engine'
import guardrailsBounds from '@semantos/guardrails-bounds'
import knowledgeCatalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import workloadSynthetic, { INTERACTIONS, KNOB_DEFAULTS } from '@semantos/workload-synthetic'
import { describe, expect, it } from 'vitest'
import { mapApplier } from './map-applier.js'

const ALL = Object.keys(KNOB_DEFAULTS)

function settings(changes: Partial<SweepSettings> = {}): SweepSettings {
  return {
    run: 'r1', seed: 42, slo: { p95_ms: 120 }, knobs: ALL, rounds: 12, settleMs: 0, apply: false, minInteractionPct: 1, alpha: 0.05, truth: INTERACTIONS, onTrial: () => undefined, ...changes,
  }
}

async function swept(seed: number, workload: Parameters<typeof workloadSynthetic>[0], changes: Partial<SweepSettings> = {}, live = false) {
  await using kit = await mount([knowledgeCatalogue(), mapApplier({ live }), guardrailsBounds({ bounds: {} }), workloadSynthetic(workload)], { seed })
  return await sweep(kit.kernel, settings({ seed, ...changes }))
}

const EXACT = { requests: 5000, traffic_variation_pct: 0 }

describe('a sweep of the synthetic host', () => {
  it.each([1, 2, 3])('recovers the interactions of the model and no others, seed %i', async (seed) => {
    const { truth, pairs, edges } = await swept(seed, EXACT)
    expect(truth).toEqual({ precision: 1, recall: 1, missed: [], invented: [] })
    expect(pairs.length).toBeGreaterThanOrEqual(34)
    for (const edge of edges) expect(Edge.parse(edge)).toEqual(edge)
  }, 600_000)

  it('does so with the noise and the few requests of the defaults', async () => {
    expect((await swept(5, {}, { rounds: 40 })).truth).toMatchObject({ precision: 1, missed: [] })
  }, 600_000)

  it('finds no interaction of a mechanism that is switched off', async () => {
    const { edges } = await swept(1, { ...EXACT, mechanisms: { scheduler: false } })
    expect(edges.filter(({ kind }) => kind !== 'depends_on').map(({ from, to }) => [from, to])).toEqual([['vm.dirty_background_ratio', 'vm.dirty_ratio']])
  }, 600_000)

  it('finds that one knob\'s safe values depend on another\'s', async () => {
    const { edges } = await swept(1, { requests: 200 }, { rounds: 2 })
    const depending = edges.filter(({ kind }) => kind === 'depends_on').map(({ from, to }) => `${from} on ${to}`)
    expect(depending.sort()).toEqual([
      'kernel.sched_min_granularity_ns on kernel.sched_latency_ns',
      'kernel.sched_wakeup_granularity_ns on kernel.sched_latency_ns',
      'vm.dirty_background_ratio on vm.dirty_ratio',
    ])
  }, 600_000)

  it('is the same for the same seed', async () => {
    const knobs = ['vm.dirty_*ratio', 'vm.swappiness']
    const [one, other] = [await swept(7, { requests: 400 }, { knobs }), await swept(7, { requests: 400 }, { knobs })]
    expect(one).toEqual(other)
  }, 600_000)

  it('leaves everything as it was, also after a failure', async () => {
    await using kit = await mount([knowledgeCatalogue(), mapApplier(), guardrailsBounds(), workloadSynthetic({ requests: 200 })])
    const read = async () => {
      let knobs: unknown = null
      await sweep(kit.kernel, settings({ knobs: ['vm.swappiness'], rounds: 2, onTrial: () => (knobs = 'tried') }))
      return knobs
    }
    expect(await read()).toBe('tried')
    const failing = sweep(kit.kernel, settings({ knobs: ['vm.*'], rounds: 2, onTrial: (done) => { if (done === 5) throw new Error('stop') } }))
    await expect(failing).rejects.toThrow('stop')
    const { baseline_p95_ms: again } = await sweep(kit.kernel, settings({ knobs: ['vm.swappiness', 'vm.dirty_ratio'], rounds: 2 }))
    await using fresh = await mount([knowledgeCatalogue(), mapApplier(), guardrailsBounds(), workloadSynthetic({ requests: 200 })])
    expect(again).toBe((await sweep(fresh.kernel, settings({ knobs: ['vm.swappiness', 'vm.dirty_ratio'], rounds: 2 }))).baseline_p95_ms)
  }, 600_000)

  it('does not touch a running kernel without leave', async () => {
    await expect(swept(1, {}, { knobs: ['vm.swappiness'] }, true)).rejects.toMatchObject({ code: 'SEMANTOS_E_USAGE' })
    expect((await swept(1, {}, { knobs: ['vm.swappiness'], rounds: 2, apply: true }, true)).trials).toBeGreaterThan(0)
  })
})

describe('the file of edges', () => {
  it('keeps what a person wrote, and replaces what an earlier sweep said of the same pair', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'semantos-sweep-')), 'edges.json')
    const own = { from: 'vm.dirty_ratio', to: 'vm.swappiness', kind: 'synergizes_with', weight: 0.5, note: 'ours' }
    const old = (from: string, to: string) => ({ from, to, kind: 'synergizes_with', weight: 0.5, source: 'sweep r0: old', evidence_count: 1, updated: null })
    writeFileSync(file, JSON.stringify([own, old('vm.dirty_ratio', 'vm.dirty_background_ratio'), old('vm.swappiness', 'net.core.somaxconn')]))
    await addEdges(file, await swept(1, EXACT, { knobs: ['vm.dirty_ratio', 'vm.dirty_background_ratio'] }))
    const edges = z.array(z.looseObject({ from: z.string(), kind: z.string(), source: z.string().optional() })).parse(JSON.parse(readFileSync(file, 'utf8')))
    expect(edges.slice(0, 2)).toEqual([own, old('vm.swappiness', 'net.core.somaxconn')])
    expect(edges.slice(2).map(({ kind, source }) => [kind, source?.slice(0, 8)])).toEqual([['conflicts_with', 'sweep r1'], ['depends_on', 'sweep r1']])
  }, 600_000)

  it('is left as it is where it is broken', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'semantos-sweep-')), 'edges.json')
    writeFileSync(file, '[{"from": 1}]')
    await expect(addEdges(file, await swept(1, { requests: 100 }, { knobs: ['vm.swappiness'], rounds: 2 }))).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', place: file })
    expect(readFileSync(file, 'utf8')).toBe('[{"from": 1}]')
  })
})
