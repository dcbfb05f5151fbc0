import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Trace, z } from '@semantos/core'
import { nearest } from '@semantos/memory'
import { EvidenceDraft, NotesDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import knowledgeCatalogue from '../../knowledge-catalogue/src/index.js'
import { exampleReport } from '../../knowledge-json/testing/report.js'
import { whyNoSqlite } from '../testing/sqlite.js'
import { fleet } from '../testing/traces.js'
import { openDriver } from './driver.js'
import knowledgeSqlite from './index.js'
import { Memory } from './memory.js'
import { MIGRATIONS, migrate } from './migrations/index.js'

const reason = await whyNoSqlite()
const newFile = () => join(mkdtempSync(join(tmpdir(), 'semantos-memory-')), 'traces.sqlite')

/** A process of its own with the built plugin. */
const DIST = new URL('../dist/index.js', import.meta.url).href
const child = (code: string) => ['--input-type=module', '-e', `const { Memory } = await import(${JSON.stringify(DIST)});\n${code}`]
const ADD = (file: string, name: string, count: number) => `
  const memory = await Memory.open(${JSON.stringify(file)})
  const trace = { time: '2026-01-01T00:00:00Z', host: {}, workload: 'none', metrics: { load: 1 }, actions: [], improvement_pct: null, verdict: 'better' }
  for (let index = 0; index < ${count}; index++) { memory.add([{ ...trace, id: '${name}-' + index, metrics: { load: index } }]); console.log(index) }
  memory.close()`

describe.runIf(reason !== null)('without SQLite', () => {
  it('says what to do', async () => {
    await expect(Memory.open(newFile())).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', next: 'Use Node 22.13 or later, run npm install better-sqlite3, or use @semantos/knowledge-json.' })
  })
})

describe.skipIf(reason !== null)(`the memory${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it('finds the nearest that comparing all of them would find', async () => {
    using memory = await Memory.open(newFile())
    const traces = [...fleet(4000, 1)]
    memory.add(traces)
    let found = 0
    for (const now of fleet(40, 2)) {
      const exact = (await nearest(traces, now, 5)).map(({ trace }) => trace.id)
      const near = (await memory.nearest(now, 5, '')).map(({ trace }) => trace.id)
      found += exact.filter((id) => near.includes(id)).length
    }
    expect(found / 200).toBeGreaterThan(0.95)
  }, 600_000)

  it('keeps every trace in one cell, and cells small', async () => {
    using memory = await Memory.open(newFile())
    memory.add(fleet(3000, 1))
    expect(memory.driver.prepare('SELECT count(*) AS n FROM vector JOIN trace ON trace.number = vector.trace AND trace.cell = vector.cell').get()).toEqual({ n: 3000 })
    expect(memory.driver.prepare('SELECT max(members) <= 512 AS small, sum(members) AS n FROM cell').get()).toEqual({ small: 1, n: 3000 })
    expect(memory.driver.prepare('SELECT count(*) AS n FROM cell WHERE members <> (SELECT count(*) FROM vector WHERE cell = number)').get()).toEqual({ n: 0 })
  })

  it('holds many traces of one and the same situation', async () => {
    using memory = await Memory.open(newFile())
    const [trace] = fleet(1, 1)
    if (!trace) throw new Error('no trace')
    memory.add(Array.from({ length: 1500 }, (_, index) => ({ ...trace, id: `same-${index}` })))
    expect((await memory.nearest(trace, 3, '')).map(({ distance }) => distance)).toEqual([0, 0, 0])
  })

  it('finds the same workload where metrics alone lie far away, and not what the run itself has left', async () => {
    using memory = await Memory.open(newFile())
    const [trace] = fleet(1, 9)
    if (!trace) throw new Error('no trace')
    memory.add(fleet(2000, 1))
    memory.add([{ ...trace, id: 'queue-1', workload: 'queue', metrics: { load: 1 } }, { ...trace, id: 'r1/2' }])
    const found = await memory.nearest({ ...trace, workload: 'queue', metrics: { load: 2, p95_ms: 5 }, host: {} }, 1, 'r1')
    expect(found[0]).toMatchObject({ trace: { id: 'queue-1' }, metrics: 2 / 3 })
    expect((await memory.nearest(trace, 1, 'r1'))[0]?.trace.id).not.toBe('r1/2')
    expect((await memory.nearest(trace, 1, 'r2'))[0]?.trace.id).toBe('r1/2')
  })

  it('replaces a trace of the same id, and forgets the oldest', async () => {
    using memory = await Memory.open(newFile())
    const traces = [...fleet(10, 1)]
    memory.add(traces)
    memory.add([...traces.slice(0, 5), ...fleet(2, 3)], 8)
    expect(memory.count).toBe(8)
    const [oldest] = memory.all()
    expect(oldest?.id).toBe('run-1-2')
    expect(memory.driver.prepare('SELECT count(*) AS n FROM vector').get()).toEqual({ n: 8 })
    expect(memory.search(['service'], 20)).toEqual([])
  })

  it('searches by words: a knob, a machine, a verdict', async () => {
    using memory = await Memory.open(newFile())
    memory.add(fleet(100, 1))
    const found = memory.search(['vm.dirty_ratio', 'AMD EPYC 7763'], 50)
    expect(found.length).toBeGreaterThan(0)
    for (const { actions, host } of found) expect([actions[0]?.knob, host['cpu_model']]).toEqual(['vm.dirty_ratio', 'AMD EPYC 7763'])
    expect(memory.search(['"; DROP TABLE trace; --'], 5)).toEqual([])
    expect(memory.count).toBe(100)
  })

  it('goes to JSON and back without loss', async () => {
    const file = newFile()
    using memory = await Memory.open(file)
    const traces = [...fleet(2300, 1)]
    memory.add(traces)
    const json = join(file, '..', 'experiences.json')
    expect(memory.exportTo(json)).toBe(2300)
    expect(z.array(Trace).parse(JSON.parse(readFileSync(json, 'utf8')))).toEqual(traces)
    using other = await Memory.open(newFile())
    expect(other.importFrom(json)).toBe(2300)
    expect([...other.all()]).toEqual(traces)
  })

  it('writes an empty list where it knows nothing', async () => {
    const file = newFile()
    using memory = await Memory.open(file)
    expect(memory.exportTo(join(file, '..', 'none.json'))).toBe(0)
    expect(JSON.parse(readFileSync(join(file, '..', 'none.json'), 'utf8'))).toEqual([])
  })

  it('imports all of a file or nothing', async () => {
    const file = newFile()
    using memory = await Memory.open(file)
    const broken = join(file, '..', 'broken.json')
    writeFileSync(broken, JSON.stringify([...fleet(3, 1), { id: 'x' }]))
    expect(() => memory.importFrom(broken)).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_DATA_INVALID', place: broken }))
    expect(memory.count).toBe(0)
  })

  it('makes the vectors of an older file anew', async () => {
    const file = newFile()
    const traces = [...fleet(700, 1)]
    const driver = await openDriver(file)
    migrate(driver, file, new Date(0), MIGRATIONS.slice(0, 3))
    driver.exec('INSERT INTO cell VALUES (7, zeroblob(128), 700, 1024)')
    for (const [index, trace] of traces.entries()) {
      driver.prepare('INSERT INTO trace VALUES (?, ?, ?, 7, ?)').run(index + 1, trace.id, trace.time, JSON.stringify(trace))
      driver.prepare('INSERT INTO vector VALUES (7, ?, zeroblob(128))').run(index + 1)
    }
    driver.close()
    using memory = await Memory.open(file)
    expect(memory.driver.prepare('SELECT count(*) AS n FROM vector JOIN trace ON trace.number = vector.trace AND trace.cell = vector.cell WHERE length(embedding) = 256').get()).toEqual({ n: 700 })
    const [now] = traces
    if (!now) throw new Error('no trace')
    expect((await memory.nearest(now, 1, ''))[0]?.trace).toEqual(now)
  })

  it('brings an older schema up to date, and refuses a newer one', async () => {
    const file = newFile()
    const driver = await openDriver(file)
    migrate(driver, file, new Date(0), [{ version: 1, name: 'first', sql: 'CREATE TABLE a (b)' }])
    migrate(driver, file, new Date(0), [{ version: 1, name: 'first', sql: 'CREATE TABLE a (b)' }, { version: 2, name: 'second', sql: 'ALTER TABLE a ADD c' }])
    expect(driver.prepare('SELECT version, name FROM migration').all()).toMatchObject([{ version: 1, name: 'first' }, { version: 2, name: 'second' }])
    expect(() => migrate(driver, file, new Date(0), [{ version: 3, name: 'broken', sql: 'CREATE TABLE d (e); nonsense' }])).toThrow()
    expect(driver.prepare("SELECT name FROM sqlite_master WHERE name = 'd'").all()).toEqual([])
    driver.exec("INSERT INTO migration VALUES (99, 'from the future', '')")
    driver.close()
    await expect(Memory.open(file)).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', place: file })
  })

  it('names a file that is no database, and leaves it', async () => {
    const file = newFile()
    writeFileSync(file, 'this is no database, it is a letter to a friend'.repeat(20))
    await expect(Memory.open(file)).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', place: file })
    expect(readFileSync(file, 'utf8')).toMatch(/^this is no database/)
  })

  it('loses nothing when two processes add at once, nor when both make the file', async () => {
    const file = newFile()
    await Promise.all(['a', 'b'].map((name) => promisify(execFile)(process.execPath, child(ADD(file, name, 150)))))
    using memory = await Memory.open(file)
    expect(memory.count).toBe(300)
  }, 600_000)

  it('keeps what was added before a kill -9, in a sound file', async () => {
    const file = newFile()
    for (const name of ['first', 'second', 'third']) {
      const process_ = spawn(process.execPath, child(ADD(file, name, 1_000_000)), { stdio: ['ignore', 'pipe', 'inherit'] })
      let last = -1
      process_.stdout.on('data', (text: Buffer) => (last = Number(text.toString().trim().split('\n').at(-1))))
      const ended = new Promise((resolve) => process_.once('exit', resolve))
      while (last < 60) await sleep(5)
      process_.kill('SIGKILL')
      await ended
      using memory = await Memory.open(file)
      expect(memory.driver.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      expect([...memory.all()].filter(({ id }) => id.startsWith(name)).length).toBeGreaterThan(last)
      expect(memory.driver.prepare('SELECT (SELECT count(*) FROM vector) = (SELECT count(*) FROM trace) AS same').get()).toEqual({ same: 1 })
    }
  }, 600_000)
})

describe.skipIf(reason !== null)(`the plugin${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const snapshot = { time: '2026-01-01T00:00:00Z', host: null, missing: [], metrics: [{ name: 'load', value: 9, unit: 'none', source: 'test' }] }

  it('remembers what a run did, finds it again, and says why it is near', async () => {
    await using kit = await mount(knowledgeSqlite())
    const retrieve = async () => (await kit.kernel.hooks.retrieve.run(new EvidenceDraft(), { ...kit.cycle, snapshot })).finish()
    expect(await retrieve()).toEqual({ edges: [], traces: [], documents: [] })
    expect(existsSync(join(kit.paths.knowledge, 'traces.sqlite'))).toBe(false)
    await kit.kernel.hooks.learn.run(exampleReport({ snapshot }), kit.cycle)
    const { traces, documents } = await retrieve()
    expect(traces).toMatchObject([{ id: '20260101T000000Z-73475c', metrics: { load: 9 }, actions: [{ knob: 'vm.swappiness', from: 60, to: 10 }], improvement_pct: 15.651, verdict: 'better' }])
    expect(documents).toMatchObject([{ id: 'near:20260101T000000Z-73475c', text: 'Distance 0.000 of 0..1 (metrics 0.000). Alike: load 9 then, 9 now.' }])
  })

  it('begins with what knowledge-json has kept, unless the run only plans', async () => {
    const knowledge = mkdtempSync(join(tmpdir(), 'semantos-memory-'))
    writeFileSync(join(knowledge, 'experiences.json'), JSON.stringify([...fleet(3, 1)]))
    await using kit = await mount(knowledgeSqlite(), { paths: { knowledge } })
    await kit.kernel.hooks.start.run({ planning: true }, kit.cycle)
    expect(existsSync(join(knowledge, 'traces.sqlite'))).toBe(false)
    await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
    expect((await kit.kernel.hooks.retrieve.run(new EvidenceDraft(), { ...kit.cycle, snapshot })).finish().traces).toHaveLength(3)
  })

  it('tells what past runs did with a knob', async () => {
    await using kit = await mount([knowledgeCatalogue(), knowledgeSqlite()])
    await kit.kernel.hooks.learn.run(exampleReport({ snapshot }), kit.cycle)
    const knob = kit.catalogue.get('vm.swappiness')
    if (!knob) throw new Error('not in the catalogue')
    const notes = (await kit.kernel.hooks.explain.run(new NotesDraft(knob), kit.cycle)).finish()
    expect(notes.map(({ text }) => text)).toEqual(['run 20260101T000000Z-73475c of 2026-01-01 on @semantos/workload-synthetic changed it from 60 to 10: better, 15.7%'])
  })
})
