import { readFileSync, readdirSync } from 'node:fs'
import { Catalogue, Knob, z } from '@semantos/core'
import { describe, expect, it } from 'vitest'
import { conflicts, buildGraph } from './knob-graph.js'
import { Library } from './library.js'
import { edgeOf, readNotes, readSeedEdges } from './seeds.js'

const CATALOGUE = new URL('../../knowledge-catalogue/data/', import.meta.url)
const knobs = readdirSync(CATALOGUE)
  .filter((name) => name !== 'left-out.json')
  .flatMap((name) => z.object({ knobs: z.array(Knob) }).parse(JSON.parse(readFileSync(new URL(name, CATALOGUE), 'utf8'))).knobs)
const names = new Set(knobs.map(({ name }) => name))
const seeds = readSeedEdges()
const notes = readNotes()

const PROCFS_PAGE = readFileSync(new URL('../../telemetry-procfs/README.md', import.meta.url), 'utf8')
const metrics = new Set([...[...PROCFS_PAGE.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name), ...knobs.flatMap(({ evidence }) => evidence)])

const TRUSTED = /^https:\/\/(?:docs\.kernel\.org\/|man7\.org\/|www\.rfc-editor\.org\/rfc\/|doi\.org\/|github\.com\/torvalds\/linux\/blob\/v\d)/

describe('edges.json', () => {
  it('names knobs of the catalogue, never a knob and itself, and no relation twice', () => {
    for (const { from, to } of seeds) {
      expect(names).toContain(from)
      expect(names).toContain(to)
      expect(from).not.toBe(to)
    }
    const said = seeds.map(({ from, kind, to }) => `${from} ${kind} ${to}`)
    expect(new Set(said).size).toBe(said.length)
  })

  it('cites the kernel\'s documentation or source, or a standard', () => {
    for (const { source } of seeds) expect(source).toMatch(TRUSTED)
  })

  it('has a conflict for each pair that resets each other, and only for those', async () => {
    const graph = await buildGraph(seeds.map(edgeOf))
    const stated = conflicts(graph, [...names]).map(({ from, to }) => [from, to].sort().join(' '))
    const resetting = new Set(knobs.flatMap(({ name, resets }) => resets.map((other) => [name, other].sort().join(' '))))
    expect(new Set(stated)).toEqual(resetting)
  })

  it('has no circle of dependencies', () => {
    const leadsTo = (from: string, seen: readonly string[]): string[] => seeds.filter((edge) => edge.kind === 'depends_on' && edge.from === from).flatMap(({ to }) => (seen.includes(to) ? [to] : leadsTo(to, [...seen, to])))
    for (const { from } of seeds) expect(leadsTo(from, [from])).toEqual([])
  })
})

describe('notes.json', () => {
  it('has at least 40 notes, each with an id of its own', () => {
    expect(notes.length).toBeGreaterThanOrEqual(40)
    expect(new Set(notes.map(({ id }) => id)).size).toBe(notes.length)
  })

  it.each(notes)('$id names knobs and metrics that exist, and a source', ({ signs, knobs: about, source, text }) => {
    for (const { metric } of signs) expect(metrics).toContain(metric)
    for (const knob of about) expect(names).toContain(knob)
    expect(source).toMatch(TRUSTED)
    expect(text.length).toBeLessThan(900)
  })
})

describe('the library', () => {
  const snapshot = (...named: [string, number][]) => ({ time: '2026-01-01T00:00:00Z', host: null, missing: [], metrics: named.map(([name, value]) => ({ name, value, unit: 'per_s', source: 'test' })) })
  const open = () => Library.open(Catalogue.of(knobs))

  it('offers what explains a notable metric first', async () => {
    const [first, ...others] = (await open()).relevant(snapshot(['tcpext.listen_overflows_per_s', 12], ['memory.free_bytes', 1e9]), 4)
    expect(first?.id).toBe('note:listen-overflows')
    const pointedTo = knobs.filter(({ evidence }) => evidence.includes('tcpext.listen_overflows_per_s')).map(({ name }) => `knob:${name}`)
    for (const { id } of others) expect(pointedTo).toContain(id)
    expect(others).toHaveLength(3)
  })

  it('finds a sign on one device, and none where the number is ordinary', async () => {
    const library = await open()
    expect(library.relevant(snapshot(['disk.util_pct[vda]', 97]), 3).map(({ id }) => id)).toContain('note:disk-utilisation')
    expect(library.relevant(snapshot(['disk.util_pct[vda]', 3], ['tcpext.listen_overflows_per_s', 0]), 3)).toEqual([])
  })

  it.each([
    ['kswapd direct reclaim stalls', 'note:direct-reclaim'],
    ['softirq budget squeeze', 'note:softnet-squeeze'],
    ['transparent huge pages latency', 'note:thp'],
    ['vm.dirty_background_bytes', 'knob:vm.dirty_background_bytes'],
    ['eevdf slice', 'note:eevdf'],
  ])('answers "%s" with %s', async (query, id) => {
    expect((await open()).search(query, 3).map((document) => document.id)).toContain(id)
  })

  it('leaves only the first documents that are asked for', async () => {
    expect((await open()).search('memory', 2)).toHaveLength(2)
  })
})
