import { describe, expect, it } from 'vitest'
import { fleet } from '../testing/traces.js'
import { embed, bytesOf, squaredDistance, vectorOf } from './embedding.js'
import { halves } from './halves.js'
import { explain, nearness } from './nearness.js'

describe('embed', () => {
  it('does not depend on the order of metrics', () => {
    const metrics = { load: 4, 'disk.util_pct[vda]': 12, irq_rate: 9000 }
    expect(embed({ metrics, host: {} })).toEqual(embed({ metrics: Object.fromEntries(Object.entries(metrics).reverse()), host: {} }))
  })

  it('puts the like nearer than the unlike, whatever their units', () => {
    const at = (load: number, irq_rate: number, cpu_model = 'a') => embed({ metrics: { load, irq_rate }, host: { cpu_model } })
    const here = at(4, 10_000)
    expect(squaredDistance(here, at(4.4, 11_000))).toBeLessThan(squaredDistance(here, at(40, 10_000)))
    expect(squaredDistance(here, at(4.4, 11_000))).toBeLessThan(squaredDistance(here, at(4, 100_000)))
    expect(squaredDistance(here, at(4, 10_000, 'b'))).toBeGreaterThan(0)
  })

  it('survives being stored', () => {
    const vector = embed({ metrics: { load: 1.5 }, host: {} })
    expect(vectorOf(bytesOf(vector))).toEqual(vector)
  })
})

describe('halves', () => {
  it('finds two groups', () => {
    const vectors = [1, 1.1, 1.2, 900, 901, 1.3].map((load) => embed({ metrics: { load }, host: {} }))
    expect(halves(vectors)?.map(({ members }) => members.join()).sort()).toEqual(['0,1,2,5', '3,4'])
  })

  it('cannot divide what is all the same', () => {
    expect(halves(Array.from({ length: 9 }, () => embed({ metrics: { load: 1 }, host: {} })))).toBeNull()
  })
})

describe('nearness', () => {
  const [trace] = fleet(1, 1)
  if (!trace) throw new Error('no trace')

  it('is 0 for the same situation, and counts metrics against facts seven to three', () => {
    expect(nearness(trace, trace).distance).toBe(0)
    const elsewhere = nearness({ ...trace, host: { cpu_model: 'a' } }, { metrics: trace.metrics, host: { cpu_model: 'b' } })
    expect(elsewhere).toMatchObject({ metrics: 0, facts: 1 })
    expect(elsewhere.distance).toBeCloseTo(0.3, 12)
  })

  it('compares metrics alone where nothing is known of either machine', () => {
    expect(nearness({ ...trace, metrics: { load: 1 }, host: {} }, { metrics: { load: 3 }, host: {} }).distance).toBe(0.5)
  })

  it('is explained by what is alike and what is not', () => {
    const past = { ...trace, id: 'r1', time: '2026-01-01T00:00:00.000Z', metrics: { load: 9, p95_ms: 180, errors: 0 }, host: { cpus: 64, cpu_model: 'Altra' } }
    const now = { metrics: { load: 9.4, p95_ms: 20, errors: 0 }, host: { cpus: 64, cpu_model: 'EPYC' } }
    expect(explain(nearness(past, now), now)).toEqual({
      id: 'near:r1',
      title: 'Why run r1 is near',
      text: 'Distance 0.392 of 0..1 (metrics 0.274, machine 0.667). Alike: cpus 64 then, 64 now; load 9 then, 9.4 now. Unlike: cpu_model: EPYC no then, yes now; cpu_model: Altra yes then, no now; p95_ms 180 then, 20 now.',
      source: 'memory of past runs, run r1 of 2026-01-01T00:00:00.000Z',
    })
  })
})
