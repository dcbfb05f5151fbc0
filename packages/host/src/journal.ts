import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { messageOf, SemantosError } from '@semantos/core'
import { decodeLine, encodeLine } from './line.js'
import type { JournalRecord, RunRecord } from './records.js'
import { codeOf } from './reader.js'
import { asJournalError, asUnreadable, syncDirectory } from './state-dir.js'

const SUFFIX = '.journal'
const RUN_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/

/** A line that is not as it was written, and not the last one. */
export interface BrokenLine {
  readonly line: number
  readonly why: string
}

/** A journal as it stands on disk. */
export interface JournalText {
  readonly file: string
  readonly header: RunRecord
  readonly records: readonly JournalRecord[]
  readonly broken: readonly BrokenLine[]
  /** The last line was cut short by a crash: what it announced was never done. */
  readonly torn: boolean
  /** Lines and bytes of the sound part. */
  readonly lines: number
  readonly bytes: number
}

/** Journals in a folder, oldest run first. A file without a readable first line is told apart, not skipped; throws SEMANTOS_E_JOURNAL_UNREADABLE. */
export function listJournals(dir: string): { readonly journals: readonly JournalText[]; readonly unreadable: readonly { file: string; why: string }[] } {
  const journals: JournalText[] = []
  const unreadable: { file: string; why: string }[] = []
  for (const name of namesIn(dir).filter((entry) => entry.endsWith(SUFFIX))) {
    const file = join(dir, name)
    try {
      const journal = readJournal(file)
      if (journal) journals.push(journal)
    } catch (error) {
      if (codeOf(error) === 'EACCES') throw asUnreadable(dir, error)
      unreadable.push({ file, why: messageOf(error) })
    }
  }
  const byTime = (a: JournalText, b: JournalText) => (a.header.time === b.header.time ? (a.header.run < b.header.run ? -1 : 1) : a.header.time < b.header.time ? -1 : 1)
  return { journals: journals.sort(byTime), unreadable }
}

export function journalFile(dir: string, run: string): string {
  if (!RUN_NAME.test(run)) throw new SemantosError('SEMANTOS_E_RUN_UNKNOWN', { message: `${JSON.stringify(run)} is not the name of a run` })
  return join(dir, `${run}${SUFFIX}`)
}

/** Reads a journal; null where it is empty or holds nothing but a torn first line: that run never wrote anything. */
export function readJournal(file: string): JournalText | null {
  const text = readFileSync(file, 'utf8')
  const run = basename(file, SUFFIX)
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  const records: JournalRecord[] = []
  const broken: BrokenLine[] = []
  for (const [index, line] of lines.entries()) {
    const record = decodeLine(run, index + 1, line)
    if ('wrong' in record) broken.push({ line: index + 1, why: record.wrong })
    else records.push(record)
  }
  if (lines.length === 0) return null
  const [header] = records
  if (header?.type !== 'run') {
    const why = broken[0]?.why ?? 'another record stands there'
    throw new SemantosError('SEMANTOS_E_JOURNAL_BROKEN', { message: `${file} does not begin with the record of its run: ${why}`, place: `${file}:1` })
  }
  return { file, header, records, broken, torn: rest !== '', lines: lines.length, bytes: Buffer.byteLength(text) - Buffer.byteLength(rest) }
}

/** A journal open for adding lines at its end. */
export class Journal {
  readonly #descriptor: number
  readonly #run: string
  readonly #inode: number
  #lines: number
  #bytes: number
  /** Lines that only the system has. */
  #unsynced = false

  private constructor(readonly file: string, flags: number, sound: { lines: number; bytes: number }) {
    this.#run = basename(file, SUFFIX)
    this.#lines = sound.lines
    this.#bytes = sound.bytes
    this.#descriptor = openSync(file, flags | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600)
    this.#inode = fstatSync(this.#descriptor).ino
  }

  /** A new journal, on disk with its name before this returns. */
  static create(dir: string, header: RunRecord): Journal {
    const file = journalFile(dir, header.run)
    try {
      const journal = new Journal(file, constants.O_CREAT | constants.O_EXCL, { lines: 0, bytes: 0 })
      journal.append(header, 'on disk')
      syncDirectory(dir)
      return journal
    } catch (error) {
      throw asJournalError(dir, error)
    }
  }

  /** An existing journal; a torn last line is cut off. */
  static reopen(text: JournalText): Journal {
    try {
      const journal = new Journal(text.file, 0, text)
      if (text.torn) ftruncateSync(journal.#descriptor, text.bytes)
      return journal
    } catch (error) {
      throw asJournalError(text.file, error)
    }
  }

  /** Adds a record. With `on disk` it is there for good when this returns, also after a power cut. */
  append(record: JournalRecord, until: 'on disk' | 'handed over'): void {
    const line = Buffer.from(encodeLine(this.#run, this.#lines + 1, record))
    try {
      this.#mustStillBeThere()
      if (writeSync(this.#descriptor, line, 0, line.length, this.#bytes) < line.length) throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
      if (until === 'on disk') fdatasyncSync(this.#descriptor)
      this.#unsynced = until !== 'on disk'
    } catch (error) {
      this.#cutBack()
      throw asJournalError(this.file, error)
    }
    this.#lines += 1
    this.#bytes += line.length
  }

  /** Closes it, all of it on disk. */
  close(): void {
    try {
      if (this.#unsynced) fdatasyncSync(this.#descriptor)
    } catch (error) {
      throw asJournalError(this.file, error)
    } finally {
      closeSync(this.#descriptor)
    }
  }

  /** Removes the journal of a run that changed nothing. */
  remove(): void {
    closeSync(this.#descriptor)
    rmSync(this.file, { force: true })
    syncDirectory(dirname(this.file))
  }

  /** A journal whose name has gone is no journal: writing on would look fine and save nothing. */
  #mustStillBeThere(): void {
    const named = statSync(this.file, { throwIfNoEntry: false })
    if (named?.ino !== this.#inode) throw Object.assign(new Error(`${this.file} was removed or replaced`), { code: 'ENOENT' })
  }

  #cutBack(): void {
    try {
      ftruncateSync(this.#descriptor, this.#bytes)
    } catch {
      // The line stays torn, which readers know how to take.
    }
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).sort()
  } catch (error) {
    if (codeOf(error) === 'EACCES') throw asUnreadable(dir, error)
    return []
  }
}
