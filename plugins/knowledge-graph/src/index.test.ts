import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Edge, type RunReport, type Snapshot, z } from '@semantos/core'
import { EvidenceDraft, NotesDraft } from '@semantos/core/kernel'
import { mount, type Mounted } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import knowledgeCatalogue from '../../knowledge-catalogue/src/index.js'
import { exampleReport } from '../../knowledge-json/testing/report.js'
import knowledgeGraph from './index.js'

const plugins = (options: Parameters<typeof knowledgeGraph>[0] = {}) => [knowledgeCatalogue(), knowledgeGraph(options)]

async function retrieve(kit: Mounted, metrics: Snapshot['metrics'] = []) {
  return (await kit.kernel.hooks.retrieve.run(new EvidenceDraft(), { ...kit.cycle, snapshot: { time: '2026-01-01T00:00:00Z', host: null, metrics, missing: [] } })).finish()
}

function ran(verdict: 'better' | 'worse', knobs: readonly string[], changes: Partial<RunReport> = {}): RunReport {
  const good = exampleReport()
  const applied = knobs.map((knob) => ({ knob, before: 1, wanted: 2, stored: 2 }))
  const steps = [{ step: { knobs: [...knobs], host_share: 1 }, applied, observations: [], judgement: { decision: 'promote' as const, reasons: [] } }]
  return exampleReport({ steps, outcome: verdict === 'worse' ? 'rolled back' : 'applied', evaluation: { ...good.evaluation, verdict }, ...changes })
}

function learnt(kit: Mounted): Edge[] {
  return z.array(Edge).parse(JSON.parse(readFileSync(join(kit.paths.knowledge, 'graph.json'), 'utf8')))
}

describe('retrieving', () => {
  it('offers what documentation states, with its source', async () => {
    await using kit = await mount(plugins())
    expect((await retrieve(kit)).edges).toContainEqual({
      from: 'vm.dirty_bytes', to: 'vm.dirty_ratio', kind: 'conflicts_with', weight: 1, evidence_count: 1, updated: null,
      source: 'https://docs.kernel.org/admin-guide/sysctl/vm.html#dirty-bytes',
    })
  })

  it('passes over knobs that the catalogue lacks', async () => {
    await using kit = await mount(knowledgeGraph())
    expect(await retrieve(kit)).toEqual({ edges: [], traces: [], documents: [] })
  })

  it('adds edges.json, aged, and leaves out what has faded', async () => {
    const knowledge = mkdtempSync(join(tmpdir(), 'semantos-graph-'))
    const measured = { from: 'vm.swappiness', to: 'vm.dirty_ratio', kind: 'synergizes_with', weight: 0.8, source: 'sweep x', evidence_count: 12 }
    const edges = [{ ...measured, updated: '2025-10-24T00:00:00Z' }, { ...measured, kind: 'conflicts_with', updated: '2020-01-01T00:00:00Z' }]
    writeFileSync(join(knowledge, 'edges.json'), JSON.stringify(edges))
    await using kit = await mount(plugins(), { paths: { knowledge } })
    const found = (await retrieve(kit)).edges.filter(({ source }) => source === 'sweep x')
    expect(found.map(({ kind, weight }) => [kind, weight])).toEqual([['synergizes_with', 0.4]])
  })

  it('cites the few documents that fit, and none when told', async () => {
    const overflowing = [{ name: 'tcpext.listen_overflows_per_s', value: 30, unit: 'per_s', source: 'test' }]
    await using kit = await mount(plugins({ documents: 2 }))
    expect((await retrieve(kit, overflowing)).documents.map(({ id }) => id)).toContain('note:listen-overflows')
    expect((await retrieve(kit, overflowing)).documents).toHaveLength(2)
    await using silent = await mount(plugins({ documents: 0 }))
    expect((await retrieve(silent, overflowing)).documents).toEqual([])
  })
})

describe('learning', () => {
  it('adds a conflict for a pair that made it worse, readable in graph.json', async () => {
    await using kit = await mount(plugins())
    await kit.kernel.hooks.learn.run(ran('worse', ['vm.swappiness', 'vm.dirty_ratio']), kit.cycle)
    expect(learnt(kit)).toEqual([
      { from: 'vm.dirty_ratio', to: 'vm.swappiness', kind: 'conflicts_with', weight: 0.3, evidence_count: 1, source: 'outcomes, last of run 20260101T000000Z-73475c', updated: '2026-01-01T00:00:00.000Z' },
    ])
    expect((await retrieve(kit)).edges).toContainEqual(learnt(kit)[0])
  })

  it('strengthens what is known of a pair that made it better', async () => {
    await using kit = await mount(plugins())
    await kit.kernel.hooks.learn.run(ran('better', ['net.core.netdev_budget', 'net.core.netdev_budget_usecs', 'vm.swappiness']), kit.cycle)
    expect(learnt(kit)).toMatchObject([{ from: 'net.core.netdev_budget', kind: 'synergizes_with', to: 'net.core.netdev_budget_usecs', weight: 0.1 }])
  })

  it('blames only the pairs with a knob of the step that was taken back', async () => {
    const step = (knob: string, decision: 'promote' | 'roll back') => ({
      step: { knobs: [knob], host_share: 1 }, applied: [{ knob, before: 1, wanted: 2, stored: 2 }], observations: [], judgement: { decision, reasons: [] },
    })
    const steps = [step('vm.swappiness', 'promote'), step('vm.dirty_ratio', 'promote'), step('net.core.somaxconn', 'roll back')]
    await using kit = await mount(plugins())
    await kit.kernel.hooks.learn.run(ran('worse', [], { steps }), kit.cycle)
    expect(learnt(kit).map(({ from, to }) => [from, to])).toEqual([['net.core.somaxconn', 'vm.dirty_ratio'], ['net.core.somaxconn', 'vm.swappiness']])
  })

  it.each([
    ['one knob', ran('better', ['vm.swappiness'])],
    ['no difference', ran('better', ['vm.swappiness', 'vm.dirty_ratio'], { evaluation: { ...exampleReport().evaluation, verdict: 'no difference' } })],
  ])('has nothing to learn about pairs from %s', async (_what, report) => {
    await using kit = await mount(plugins())
    await kit.kernel.hooks.learn.run(report, kit.cycle)
    expect(existsSync(join(kit.paths.knowledge, 'graph.json'))).toBe(false)
  })

  it('loses nothing when two learn at once', async () => {
    await using kit = await mount(plugins())
    const pairs = [['vm.swappiness', 'vm.dirty_ratio'], ['net.core.somaxconn', 'vm.swappiness'], ['vm.page-cluster', 'vm.swappiness']]
    await Promise.all(pairs.map((knobs) => kit.kernel.hooks.learn.run(ran('worse', knobs), kit.cycle)))
    expect(learnt(kit)).toHaveLength(3)
  })

  it('leaves a broken graph.json as it is, and names it', async () => {
    await using kit = await mount(plugins())
    mkdirSync(kit.paths.knowledge, { recursive: true })
    const file = join(kit.paths.knowledge, 'graph.json')
    writeFileSync(file, '[{"from": 3}]')
    await expect(kit.kernel.hooks.learn.run(ran('worse', ['vm.swappiness', 'vm.dirty_ratio']), kit.cycle)).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', place: file })
    expect(readFileSync(file, 'utf8')).toBe('[{"from": 3}]')
  })
})

describe('explaining a knob', () => {
  it('says how it hangs together with others, and which notes name it', async () => {
    await using kit = await mount(plugins())
    const knob = kit.catalogue.get('net.core.netdev_budget')
    if (!knob) throw new Error('not in the catalogue')
    const notes = (await kit.kernel.hooks.explain.run(new NotesDraft(knob), kit.cycle)).finish()
    expect(notes.map(({ text }) => text)).toContain('net.core.netdev_budget synergizes with net.core.netdev_budget_usecs: a polling cycle ends at whichever is reached first, so raising one alone may do nothing')
    expect(notes.some(({ topic, text }) => topic === 'note' && text.includes('[note:softnet-squeeze]'))).toBe(true)
  })
})
