import { realpathSync } from 'node:fs'
import { SemantosError } from '@semantos/core'
import { isKnob, mustHaveChanged } from './named-knob.js'
import { restoreInside } from './watchdog-process.js'
import { Journal, type JournalText, journalFile, listJournals } from './journal.js'
import { type Lock, waitForLock } from './lock.js'
import { isInside, wayInto } from './namespaces.js'
import { bootIdUnder } from './processes.js'
import { codeOf } from './reader.js'
import type { UndoneRecord } from './records.js'
import { type OpenIntent, replay, touchesOf } from './replay.js'
import { type Restored, restoreAll } from './restore.js'
import type { RollbackOptions, RollbackRow } from './rollback-row.js'
import { STATE_DIR } from './state-dir.js'
import { isOfNetns } from './touched-file.js'

/** What a rollback did, row by row. */
export interface RollbackReport {
  readonly rows: readonly RollbackRow[]
  /** Journals and lines that could not be read. */
  readonly problems: readonly string[]
  /** False where a value is not what it was: exit status 1. */
  readonly complete: boolean
}

const COMMAND = ['semantos', 'rollback']
const WAIT_MS = 3000

/** Takes back what runs have applied, from their journals alone. Throws SEMANTOS_E_LOCKED while a run is at work, SEMANTOS_E_USAGE for a knob that none has changed. */
export async function rollback(options: RollbackOptions = {}): Promise<RollbackReport> {
  const dir = options.stateDir ?? STATE_DIR
  const lock = options.dryRun ? null : await lockIfPossible(dir, options.waitMs ?? WAIT_MS)
  try {
    const { journals, unreadable } = journalsOf(dir, options.root ?? '/')
    const problems = unreadable.map(({ file, why }) => `${file}: ${why}`)
    const rows: RollbackRow[] = []
    const looked = chosen(journals, options, dir)
    const asked = options.run === undefined || options.run === 'all' ? journals : looked
    // A journal that cannot be read whole might name it.
    const whole = unreadable.length === 0 && asked.every(({ broken }) => broken.length === 0)
    if (options.knob !== undefined && whole) mustHaveChanged(options.knob, asked, options.run)
    for (const journal of looked) {
      problems.push(...journal.broken.map(({ line, why }) => `${journal.file}:${line}: ${why}`))
      rows.push(...(await restoreJournal(journal, options)))
    }
    const complete = problems.length === 0 && rows.every(({ outcome }) => outcome !== 'failed' && outcome !== 'modified externally')
    return { rows, problems, complete }
  } finally {
    lock?.release()
  }
}

/** One run's journal. Whoever calls this holds the lock. */
export async function restoreJournal(journal: JournalText, options: RollbackOptions): Promise<RollbackRow[]> {
  const { header } = journal
  const { root, scope, run } = header
  const way = isInside(scope) ? null : wayInto(scope)
  if (way !== null) return restoreInside(way, { ...options, run, root })
  const rebooted = header.boot_id !== bootIdUnder(root)
  const whyVoid = (open: OpenIntent): string | null => {
    const { written } = open.intent
    if (written.interface !== 'drop-in' && rebooted) return 'the machine has been restarted since, and the value with it'
    return isInside(scope) || !isOfNetns(written) ? null : 'its network namespace is gone, and the value with it'
  }
  const open = replay(journal.records).open.filter((intent) => isAsked(intent, options.knob))
  const voided = open.filter((intent) => whyVoid(intent) !== null)
  const rows = voided.map((intent) => voidRow(run, intent, whyVoid(intent) ?? ''))
  const recorder = new Recorder(journal)
  const restored = await restoreAll(open.filter((intent) => whyVoid(intent) === null), {
    root,
    by: options.by ?? 'rollback',
    force: options.force ?? false,
    dryRun: options.dryRun ?? false,
    ...(options.writeLimitMs !== undefined && { writeLimitMs: options.writeLimitMs }),
    record: (record) => recorder.record(record),
  })
  // A restart shows in every later look at the journal; a namespace that has gone might be taken for one out of sight.
  if (!options.dryRun && !rebooted && voided.length > 0) {
    const detail = rows[0]?.detail ?? ''
    recorder.record({ type: 'undone', seqs: voided.map(({ intent }) => intent.seq), time: new Date().toISOString(), by: options.by ?? 'rollback', outcome: 'unchanged', detail })
  }
  recorder.close()
  return [...restored.map((row) => ({ run, ...row })), ...rows]
}

/** Journals of one root, oldest first. */
export function journalsOf(dir: string, root: string): ReturnType<typeof listJournals> {
  const { journals, unreadable } = listJournals(dir)
  const real = realpathSync(root)
  return { journals: journals.filter(({ header }) => header.root === real), unreadable }
}

/** Opens the journal for adding when there is something to add. */
class Recorder {
  #journal: Journal | null = null

  constructor(readonly text: JournalText) {}

  record(record: UndoneRecord): void {
    this.#journal ??= Journal.reopen(this.text)
    this.#journal.append(record, 'on disk')
  }

  close(): void {
    this.#journal?.close()
  }
}

function chosen(journals: readonly JournalText[], options: RollbackOptions, dir: string): JournalText[] {
  const newestFirst = journals.toReversed()
  if (options.run === 'all') return newestFirst
  if (options.run !== undefined) {
    const file = journalFile(dir, options.run)
    const named = newestFirst.find((journal) => journal.file === file)
    if (named) return [named]
    throw new SemantosError('SEMANTOS_E_RUN_UNKNOWN', { message: `there is no journal of run ${options.run} in ${dir}` })
  }
  const newest = newestFirst.find((journal) => {
    const rebooted = journal.header.boot_id !== bootIdUnder(journal.header.root)
    return replay(journal.records).open.some(
      (open) => isAsked(open, options.knob) && (!open.letGo || options.force) && (!rebooted || open.intent.written.interface === 'drop-in'),
    )
  })
  return newest ? [newest] : []
}

function isAsked({ intent }: OpenIntent, knob: string | undefined): boolean {
  return knob === undefined || touchesOf(intent).some((touch) => isKnob(touch.knob, knob))
}

function voidRow(run: string, { intent, stored }: OpenIntent, detail: string): RollbackRow {
  const { knob, path, before } = intent.written
  return { run, knob, path, original: before, ours: stored?.texts[0] ?? null, now: null, outcome: 'discarded', detail }
}

/** A full or read-only disk must not keep values from being restored: then it goes without a lock. */
async function lockIfPossible(dir: string, waitMs: number): Promise<Lock | null> {
  try {
    return await waitForLock(dir, '', COMMAND, waitMs)
  } catch (error) {
    if (codeOf(error) === 'SEMANTOS_E_LOCKED') throw error
    return null
  }
}

/** What could not be restored, as one error. */
export function undoFailed(rows: readonly Restored[] | readonly RollbackRow[]): SemantosError | null {
  const failed = rows.filter(({ outcome }) => outcome === 'failed').map(({ knob, detail }) => `${knob}: ${detail}`)
  return failed.length === 0 ? null : new SemantosError('SEMANTOS_E_UNDO_FAILED', { message: `could not be restored: ${failed.join('; ')}` })
}
