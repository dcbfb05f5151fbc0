import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Knob, type Snapshot, Trace, z } from '@semantos/core'
import { EvidenceDraft, NotesDraft } from '@semantos/core/kernel'
import { mount, type Mounted } from '@semantos/plugin-kit'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { exampleReport, exampleTune } from '../testing/report.js'
import knowledgeJson from './index.js'

const KNOB: Knob = {
  name: 'vm.acme_ratio',
  where: { interface: 'sysctl', path: 'vm/acme_ratio', also_at: [], per: 'host', netns: 'none' },
  type: { kind: 'integer', unit: 'percent', range: { min: 0, max: 100 }, safe: { min: 1, max: 60 }, search: null, special: [] },
  default: 20,
  versions: { since: null, until: null, successor: null },
  resets: [],
  also_changes: [],
  not_above: [],
  mechanism: null,
  needs: [],
  takes_effect: 'at once',
  risk: 'low',
  automatic: true,
  subsystem: 'memory',
  meaning: 'A knob of a kernel module that only we have.',
  documentation: 'https://example.com/acme',
  evidence: [],
  persist: 'sysctl.d',
}
const EDGE = { from: 'vm.acme_ratio', to: 'vm.acme_limit', kind: 'depends_on', weight: 0.5 }
/** As `expect.stringContaining`, of a type that can be assigned. */
const containing = (text: string): unknown => expect.stringContaining(text)

const NEVER_TOUCHED = 'not changed'

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'semantos-knowledge-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  return folder
}

function trace(id: string, load: number): Trace {
  return { id, time: '2026-01-01T00:00:00Z', host: {}, workload: 'web', metrics: { load }, actions: [], improvement_pct: 5, verdict: 'better' }
}

function snapshotOf(load: number): Snapshot {
  return { time: '2026-01-01T00:00:00Z', host: null, metrics: [{ name: 'load', value: load, unit: 'none', source: 'test' }], missing: [] }
}

async function retrieve(kit: Mounted, workload: string | null = null) {
  return (await kit.kernel.hooks.retrieve.run(new EvidenceDraft(), { ...kit.cycle, workload, snapshot: snapshotOf(10) })).finish()
}

function traces(folder: string): Trace[] {
  return z.array(Trace).parse(JSON.parse(readFileSync(join(folder, 'experiences.json'), 'utf8')))
}

describe('reading', () => {
  it('knows nothing where there is no folder, and makes none', async () => {
    await using kit = await mount(knowledgeJson())
    await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
    expect(await retrieve(kit)).toEqual({ edges: [], traces: [], documents: [] })
    expect(existsSync(kit.paths.knowledge)).toBe(false)
  })

  it("adds the user's knobs, and the edges between knobs of the catalogue", async () => {
    const other = { ...EDGE, to: 'vm.unknown' }
    await using kit = await mount(knowledgeJson(), { paths: { knowledge: folderWith({ 'knobs.json': [KNOB, { ...KNOB, name: 'vm.acme_limit' }], 'edges.json': [EDGE, other] }) } })
    expect([...kit.catalogue].map(({ name }) => name)).toEqual(['vm.acme_limit', 'vm.acme_ratio'])
    expect((await retrieve(kit)).edges).toEqual([{ ...EDGE, evidence_count: 0, source: 'edges.json', updated: null }])
  })

  it('offers the nearest experiences, as many as it is told', async () => {
    const knowledge = folderWith({ 'experiences.json': [1, 9, 12, 50, 100].map((load) => trace(`load-${load}`, load)) })
    await using kit = await mount(knowledgeJson({ nearest: 2 }), { paths: { knowledge } })
    expect((await retrieve(kit)).traces.map(({ id }) => id)).toEqual(['load-12', 'load-9'])
  })

  it('says why each is near', async () => {
    const knowledge = folderWith({ 'experiences.json': [{ ...trace('r1', 12), symptoms: ['load'] }] })
    await using kit = await mount(knowledgeJson(), { paths: { knowledge } })
    expect((await retrieve(kit, 'web')).documents).toEqual([{
      id: 'near:r1',
      title: 'Why run r1 is near',
      text: 'Distance 0.064 of 0..1 (metrics 0.091, symptoms 0.091, words 0.000). The same workload, web. What it acted on: load 12 then, 10 now. Alike: load 12 then, 10 now.',
      source: 'memory of past runs, run r1 of 2026-01-01T00:00:00Z',
    }])
  })

  it('prefers an experience of the same workload to one whose metrics are a little nearer', async () => {
    const knowledge = folderWith({ 'experiences.json': [{ ...trace('batch', 10), workload: 'batch' }, trace('web', 12)] })
    await using kit = await mount(knowledgeJson({ nearest: 1 }), { paths: { knowledge } })
    expect((await retrieve(kit)).traces.map(({ id }) => id)).toEqual(['batch'])
    expect((await retrieve(kit, 'web')).traces.map(({ id }) => id)).toEqual(['web'])
  })

  it('leaves out what a run of the same name has learnt, so that a repeated run is the same', async () => {
    const knowledge = folderWith({ 'experiences.json': [trace('test', 10), trace('test/1', 10), trace('another', 10)] })
    await using kit = await mount(knowledgeJson(), { paths: { knowledge } })
    expect(kit.cycle.run).toBe('test')
    expect((await retrieve(kit)).traces.map(({ id }) => id)).toEqual(['another'])
  })
})

describe('learning', () => {
  it('adds what the run saw, did and got, and finds it again', async () => {
    await using kit = await mount(knowledgeJson())
    await kit.kernel.hooks.learn.run(exampleReport({ snapshot: snapshotOf(9) }), kit.cycle)
    const learnt = {
      id: '20260101T000000Z-73475c',
      time: '2026-01-01T00:00:00.000Z',
      host: {},
      workload: '@semantos/workload-synthetic',
      metrics: { load: 9 },
      symptoms: [],
      actions: [{ knob: 'vm.swappiness', from: 60, to: 10 }],
      improvement_pct: 15.651,
      verdict: 'better',
    }
    expect(traces(kit.paths.knowledge)).toEqual([learnt])
    expect((await retrieve(kit)).traces).toEqual([learnt])
    expect(readFileSync(join(kit.paths.knowledge, 'experiences.json'), 'utf8')).toMatch(/^\[\n {2}\{\n {4}"id": "20260101T000000Z-73475c",\n/)
  })

  it('remembers each comparison of a tune, with what led to it, what was tried and what came of it', async () => {
    await using kit = await mount(knowledgeJson())
    await kit.kernel.hooks.learn.run(exampleTune({ snapshot: snapshotOf(9) }), kit.cycle)
    expect(traces(kit.paths.knowledge)).toEqual([{
      id: '20260102T000000Z-5a1f00/1',
      time: '2026-01-02T00:20:00.000Z',
      host: {},
      workload: '@semantos/workload-command 1a2b3c4d',
      metrics: { load: 9 },
      symptoms: ['pressure.io_some_pct'],
      actions: [{ knob: 'vm.swappiness', from: 60, to: 10 }],
      improvement_pct: 25,
      verdict: 'better',
    }])
    expect((await retrieve(kit)).traces).toHaveLength(1)
  })

  it('has nothing to learn from a tune that compared nothing', async () => {
    await using kit = await mount(knowledgeJson())
    await kit.kernel.hooks.learn.run(exampleTune({ comparisons: [] }), kit.cycle)
    expect(existsSync(kit.paths.knowledge)).toBe(false)
  })

  it('tells what the last runs did with a knob', async () => {
    const changed = (id: string, day: number, knob: string) => ({ ...trace(id, 1), time: `2026-01-0${day}T00:00:00Z`, actions: [{ knob, from: 20, to: 30 }] })
    const runs = [1, 2, 3, 4].map((day) => changed(`r${day}`, day, 'vm.acme_ratio'))
    const knowledge = folderWith({ 'knobs.json': [KNOB], 'experiences.json': [...runs, changed('other', 5, 'vm.other')] })
    await using kit = await mount(knowledgeJson(), { paths: { knowledge } })
    const notes = (await kit.kernel.hooks.explain.run(new NotesDraft(KNOB), kit.cycle)).finish()
    expect(notes.map(({ text }) => text)).toEqual([2, 3, 4].map((day) => `run r${day} of 2026-01-0${day} on web changed it from 20 to 30: better, 5.0%`))
  })

  it('remembers a run that was rolled back as such', async () => {
    await using kit = await mount(knowledgeJson())
    await kit.kernel.hooks.learn.run(exampleReport({ outcome: 'rolled back' }), kit.cycle)
    expect(traces(kit.paths.knowledge)[0]?.verdict).toBe('rolled back')
  })

  it('has nothing to learn from a run that changed nothing', async () => {
    await using kit = await mount(knowledgeJson())
    await kit.kernel.hooks.learn.run(exampleReport({ steps: [], outcome: 'dry run' }), kit.cycle)
    expect(existsSync(kit.paths.knowledge)).toBe(false)
  })

  it('keeps the newest', async () => {
    await using kit = await mount(knowledgeJson({ keep: 2 }))
    for (const day of ['03', '01', '02']) await kit.kernel.hooks.learn.run(exampleReport({ run: `day-${day}`, time: `2026-01-${day}T00:00:00Z` }), kit.cycle)
    expect(traces(kit.paths.knowledge).map(({ id }) => id)).toEqual(['day-02', 'day-03'])
  })

  it('replaces what a run of the same name has learnt', async () => {
    await using kit = await mount(knowledgeJson())
    for (let time = 0; time < 3; time++) await kit.kernel.hooks.learn.run(exampleReport(), kit.cycle)
    expect(traces(kit.paths.knowledge)).toHaveLength(1)
  })
})

describe('a broken file', () => {
  it.each([
    { file: 'experiences.json', content: '[\n  {"id": "a",}\n]', place: '2:14', problem: 'not JSON: expected a name in double quotes (no comma before })' },
    { file: 'experiences.json', content: [trace('a', 1), { ...trace('b', 2), improvement_pct: '7' }], place: '23:24', problem: 'expected number, received string' },
    { file: 'experiences.json', content: '{"traces": []}', place: '1:1', problem: 'expected array, received object' },
    { file: 'experiences.json', content: '[{"id": "trunc', place: '1:9', problem: 'not JSON: expected a string that ends' },
    { file: 'experiences.json', content: '', place: '1:1', problem: 'not JSON: expected a value' },
    { file: 'edges.json', content: [{ ...EDGE, weight: 2 }], place: '6:15', problem: 'Too big' },
    { file: 'edges.json', content: [{ ...EDGE, wieght: 2 }], place: '2:3', problem: 'wieght' },
  ])('$file is named with its place: $place $problem', async ({ file, content, place, problem }) => {
    const knowledge = folderWith({ [file]: content })
    await using kit = await mount(knowledgeJson(), { paths: { knowledge } })
    await expect(retrieve(kit)).rejects.toMatchObject({
      code: 'SEMANTOS_E_DATA_INVALID',
      place: `${join(knowledge, file)}:${place}`,
      message: containing(problem),
      next: 'Correct the file at this place, or move it away. It has not been changed.',
    })
  })

  it('is never overwritten', async () => {
    const knowledge = folderWith({ 'experiences.json': NEVER_TOUCHED })
    await using kit = await mount(knowledgeJson(), { paths: { knowledge } })
    await expect(kit.kernel.hooks.learn.run(exampleReport(), kit.cycle)).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID' })
    expect(readFileSync(join(knowledge, 'experiences.json'), 'utf8')).toBe(NEVER_TOUCHED)
  })

  it('with knobs stops the start, and says which and where', async () => {
    const knowledge = folderWith({ 'knobs.json': [{ ...KNOB, name: 'vm/../../etc/passwd' }] })
    await expect(mount(knowledgeJson(), { paths: { knowledge } })).rejects.toMatchObject({
      code: 'SEMANTOS_E_DATA_INVALID',
      place: `${join(knowledge, 'knobs.json')}:3:13`,
      message: containing('must be a dotted name'),
    })
  })

  it('can be one that is no file', async () => {
    const knowledge = folderWith({})
    mkdirSync(join(knowledge, 'edges.json'))
    await using kit = await mount(knowledgeJson(), { paths: { knowledge } })
    await expect(retrieve(kit)).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', message: containing('EISDIR') })
  })
})

describe('a folder that cannot be written', () => {
  it('is found before anything is applied', async () => {
    const knowledge = folderWith({})
    mkdirSync(join(knowledge, 'experiences.json'))
    await using kit = await mount(knowledgeJson(), { paths: { knowledge } })
    await expect(kit.kernel.hooks.start.run({ planning: false }, kit.cycle)).rejects.toMatchObject({ code: 'SEMANTOS_E_WRITE_FAILED' })
  })
})

describe('several processes', () => {
  let script = ''
  beforeAll(async () => {
    script = join(mkdtempSync(join(tmpdir(), 'semantos-knowledge-')), 'add-experiences.mjs')
    const built = { '@semantos/core': new URL('../../../core/dist/index.js', import.meta.url).href, '@semantos/host': new URL('../../../packages/host/dist/index.js', import.meta.url).href }
    const contents = `
      import { Experiences } from './experiences.js'
      const [folder, name, count] = process.argv.slice(2)
      const experiences = new Experiences(folder, 1000)
      const trace = { time: '2026-01-01T00:00:00Z', host: {}, workload: 'none', metrics: {}, actions: [], improvement_pct: null, verdict: 'better' }
      for (let index = 0; index < count; index++) await experiences.add([{ ...trace, id: name + '-' + index }])
    `
    const stdin = { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' as const }
    await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: script, logLevel: 'error', external: Object.values(built), alias: built })
  })
  const add = (folder: string, name: string, count: number) => promisify(execFile)(process.execPath, [script, folder, name, String(count)])

  it('adding at the same time lose nothing', async () => {
    const folder = folderWith({})
    await Promise.all(['a', 'b', 'c'].map((name) => add(folder, name, 15)))
    const expected = ['a', 'b', 'c'].flatMap((name) => Array.from({ length: 15 }, (_, index) => `${name}-${index}`)).sort()
    expect(traces(folder).map(({ id }) => id)).toEqual(expected)
  })

  it('take over the lock of one that was killed, and find a whole file', async () => {
    const folder = folderWith({})
    for (const name of ['first', 'second', 'third']) {
      const killed = spawn(process.execPath, [script, folder, name, '100000'])
      const ended = new Promise((resolve) => killed.once('exit', resolve))
      while (!existsSync(join(folder, 'experiences.json')) || !readFileSync(join(folder, 'experiences.json'), 'utf8').includes(`"${name}-3"`)) await sleep(5)
      killed.kill('SIGKILL')
      await ended
      await add(folder, `after-${name}`, 1)
      expect(traces(folder).map(({ id }) => id)).toContain(`after-${name}-0`)
    }
    expect(readdirSync(folder).filter((name) => !name.endsWith('.tmp'))).toEqual(['.lock', 'experiences.json'])
  })
})
