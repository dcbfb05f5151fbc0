import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stateDir } from '../../../tests/faults/writing.js'
import { Journal, journalFile, listJournals, readJournal } from './journal.js'
import { encodeLine } from './line.js'
import type { IntentRecord, RunRecord } from './records.js'

const header: RunRecord = {
  type: 'run', version: 1, run: 'r', time: '2026-01-01T00:00:00.000Z', boot_id: 'b', pid: 1, started_ticks: '1', uid: 0, user: 'root', semantos: '0.0.0',
  root: '/', scope: { kind: 'host', name: null, path: '/proc/1/ns/net', inode: null }, command: ['semantos'],
}
const touch = { knob: 'vm.a', interface: 'sysctl' as const, path: 'vm/a', before: '1', restore: '1', brackets: false, words: [] }
const intent: IntentRecord = { type: 'intent', seq: 1, time: header.time, by: 'test', to: '2', written: touch, resets: [] }

function journalWith(...records: Parameters<Journal['append']>[0][]) {
  const dir = stateDir()
  mkdirSync(dir, { recursive: true })
  const journal = Journal.create(dir, header)
  for (const record of records) journal.append(record, 'on disk')
  journal.close()
  return { dir, file: journalFile(dir, 'r') }
}

describe('a journal', () => {
  test('is read as it was written', () => {
    const { file } = journalWith(intent, { type: 'stored', seq: 1, texts: ['2'], failed: null }, { type: 'commit', time: header.time, deadline: { time: header.time, uptime_s: 1.5 } })
    const read = readJournal(file)
    expect(read?.records).toMatchObject([header, intent, { type: 'stored' }, { type: 'commit', deadline: { uptime_s: 1.5 } }])
    expect(read).toMatchObject({ broken: [], torn: false, lines: 4, bytes: statSync(file).size })
  })

  test('can be read by its owner only', () => {
    expect(statSync(journalWith(intent).file).mode & 0o777).toBe(0o600)
  })

  test('holds texts of every kind', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { file } = journalWith({ ...intent, to: text })
      const read = readJournal(file)
      expect(read?.broken).toEqual([])
      expect(read?.records[1]).toMatchObject({ to: text })
    }), { numRuns: 50 })
  })

  test('cut off anywhere is read up to its last whole line, and can be added to', () => {
    const { file } = journalWith(intent, { type: 'stored', seq: 1, texts: ['2'], failed: null })
    const whole = readFileSync(file)
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(file, whole.subarray(0, length))
      const read = readJournal(file)
      const lines = whole.subarray(0, length).toString().split('\n').length - 1
      expect(read?.lines ?? 0).toBe(lines)
      expect(read?.broken ?? []).toEqual([])
      if (!read) continue
      const journal = Journal.reopen(read)
      journal.append({ type: 'confirm', time: header.time, by: 'x' }, 'on disk')
      journal.close()
      expect(readJournal(file)).toMatchObject({ lines: lines + 1, broken: [], torn: false })
    }
  })

  test('damaged in the middle says which line, and the others still count', () => {
    const { file } = journalWith(intent, { ...intent, seq: 2 }, { ...intent, seq: 3 })
    writeFileSync(file, readFileSync(file, 'utf8').replace('"seq":2,', '"seq":9,'))
    const read = readJournal(file)
    expect(read?.broken).toEqual([{ line: 3, why: 'its checksum does not fit' }])
    expect(read?.records).toMatchObject([{ type: 'run' }, { seq: 1 }, { seq: 3 }])
  })

  test('no single changed byte goes unnoticed', () => {
    const { file } = journalWith(intent, { ...intent, seq: 2 })
    const whole = readFileSync(file)
    fc.assert(fc.property(fc.nat(whole.length - 2), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ flip
      writeFileSync(file, bytes)
      let noticed: boolean
      try {
        const read = readJournal(file)
        noticed = read === null || read.broken.length > 0 || read.torn
      } catch {
        noticed = true
      }
      expect(noticed).toBe(true)
    }), { numRuns: 300 })
  })

  test('a line moved, lost, or taken from another run is told', () => {
    const { file } = journalWith(intent, { ...intent, seq: 2 })
    const [first, second, third] = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, [first, third, second, ''].join('\n'))
    expect(readJournal(file)?.broken).toEqual([{ line: 2, why: 'it stands in the wrong place' }, { line: 3, why: 'it stands in the wrong place' }])
    writeFileSync(file, [first, second, encodeLine('other', 3, intent)].join('\n'))
    expect(readJournal(file)?.broken).toEqual([{ line: 3, why: 'its checksum does not fit' }])
  })

  test('of a later version is refused, not guessed at', () => {
    const { file } = journalWith(intent)
    const body = JSON.stringify({ n: 1, ...header, version: 2 }).slice(0, -1)
    const sum = createHash('sha256').update(`r\n${body}`).digest('hex').slice(0, 16)
    writeFileSync(file, `${body},"sum":"${sum}"}\n`)
    expect(() => readJournal(file)).toThrow(/version 2 of the journal is not known/)
  })
})

describe('writing it', () => {
  test('is refused once its file has been removed or replaced', () => {
    const dir = stateDir()
    mkdirSync(dir, { recursive: true })
    const journal = Journal.create(dir, header)
    rmSync(journal.file)
    expect(() => journal.append(intent, 'on disk')).toThrow(/removed or replaced/)
    writeFileSync(journal.file, '')
    expect(() => journal.append(intent, 'on disk')).toThrow(/removed or replaced/)
  })

  test('never begins over another run\'s', () => {
    const { dir } = journalWith(intent)
    expect(() => Journal.create(dir, header)).toThrow(/EEXIST/)
  })

  test.each(['', '..', '../x', 'a/b', '.hidden', 'a\nb', 'x'.repeat(101)])('%j is no name of a run', (run) => {
    expect(() => journalFile('/dir', run)).toThrow(/not the name of a run/)
  })
})

test('a folder of journals: oldest first, unreadable ones named, other files left alone', () => {
  const { dir } = journalWith(intent)
  Journal.create(dir, { ...header, run: 'older', time: '2025-01-01T00:00:00.000Z' }).close()
  writeFileSync(join(dir, 'bad.journal'), 'nonsense\n')
  writeFileSync(join(dir, 'empty.journal'), '')
  writeFileSync(join(dir, 'torn.journal'), '{"n":1,"type":"ru')
  appendFileSync(join(dir, 'notes.txt'), 'x')
  const { journals, unreadable } = listJournals(dir)
  expect(journals.map(({ header: { run } }) => run)).toEqual(['older', 'r'])
  expect(unreadable).toMatchObject([{ file: join(dir, 'bad.journal') }])
  chmodSync(dir, 0o700)
})

test('no folder, no journals', () => {
  expect(listJournals('/nonexistent')).toEqual({ journals: [], unreadable: [] })
})
