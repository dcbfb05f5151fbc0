import { describe, expect, it } from 'vitest'
import { embed, bytesOf, squaredDistance, vectorOf } from './embedding.js'
import { halves } from './halves.js'

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
