import { type Holder, lockHolder } from './lock.js'
import { bootIdUnder, isProcess } from './processes.js'
import { type Phase, phaseOf } from './recover.js'
import type { Scope } from './records.js'
import { type Held, type Replay, clustersOf, replay } from './replay.js'
import { type JournalText } from './journal.js'
import { journalsOf } from './rollback.js'
import { chosen } from '@semantos/core/kernel'
import { showFiles } from './show-files.js'
import { isOfNetns } from './touched-file.js'
import { STATE_DIR } from './state-dir.js'

/** Where journals are looked for, and the folder that stands for `/`; by default this host's. */
export interface JournalPlace {
  readonly stateDir?: string
  readonly root?: string
}

/**
 * `ours`: as we wrote it. `original`: as it was before us. `other`: somebody else has changed it. `later run`: a newer run of
 * ours has. `unknown`: the run died while writing it. `gone`: no such file any more, or no such
 * network namespace. `elsewhere`: in a network namespace that may not be looked into from here.
 */
export type Standing = 'ours' | 'original' | 'other' | 'later run' | 'unknown' | 'gone' | 'elsewhere'

/** One file that a run wrote, with its text before, as written and now; null where there was or is none. */
export interface StandingRow {
  readonly knob: string
  readonly path: string
  readonly original: string | null
  readonly ours: string | null
  readonly now: string | null
  readonly standing: Standing
}

/** One run with something applied. Times are ISO; `deadline` is when it comes back by itself unless confirmed. */
export interface RunStanding {
  readonly run: string
  readonly phase: Phase
  readonly since: string
  readonly deadline: string | null
  /** Does a guard process watch over it? */
  readonly guarded: boolean
  readonly user: string
  readonly pid: number
  readonly command: readonly string[]
  readonly scope: Scope
  readonly rows: readonly StandingRow[]
}

/** What the journals say of this host. */
export interface Status {
  /** Runs with something applied, newest first. */
  readonly runs: readonly RunStanding[]
  /** Who is at work now. */
  readonly holder: Holder | null
  /** Journals and lines that could not be read. */
  readonly problems: readonly string[]
  /** Runs that died before they were done, or were not confirmed in time: they wait for a rollback. */
  readonly pending: readonly string[]
}

/** What is applied now, by which run, since when, and what differs from what was written. Reads only. */
export function status({ stateDir = STATE_DIR, root = '/' }: JournalPlace = {}): Status {
  const { journals, unreadable } = journalsOf(stateDir, root)
  const holder = lockHolder(stateDir)
  const newer = new Set<string>()
  const runs: RunStanding[] = []
  for (const journal of journals.toReversed()) {
    const told = replay(journal.records)
    const phase = phaseOf(journal, told, holder)
    if (phase === 'rolled back' || phase === 'discarded') continue
    const { run, time, user, pid, command, scope } = journal.header
    const rows = rowsOf(journal, told, newer)
    runs.push({ run, phase, since: time, deadline: told.deadline?.time ?? null, guarded: told.guard !== null && isProcess(told.guard), user, pid, command, scope, rows })
  }
  const problems = [
    ...unreadable.map(({ file, why }) => `${file}: ${why}`),
    ...journals.flatMap(({ file, broken }) => broken.map(({ line, why }) => `${file}:${line}: ${why}`)),
  ]
  const pending = runs.filter(({ phase }) => phase === 'interrupted' || phase === 'expired').map(({ run }) => run)
  return { runs, holder, problems, pending }
}

/** `newer`: the places that newer runs have changed; this run's are added. */
function rowsOf({ header }: JournalText, told: Replay, newer: Set<string>): StandingRow[] {
  const rebooted = header.boot_id !== bootIdUnder(header.root)
  const open = told.open.filter(({ intent }) => !rebooted || intent.written.interface === 'drop-in')
  const files = clustersOf(open).flatMap(({ held }) => held)
  const seen = showFiles(files.map(({ touch }) => touch), header)
  return files.map((file, index) => {
    const { knob, path, before, words } = file.touch
    const row = { knob, path, original: before, ours: file.ours ?? null }
    const place = isOfNetns(file.touch) ? `${path} in ${header.scope.inode ?? 'no namespace'}` : [path, ...words].join(' ')
    const changedLater = newer.has(place)
    newer.add(place)
    const shown = seen[index] ?? null
    if (shown === null) return { ...row, now: null, standing: 'elsewhere' as const }
    if ('reason' in shown) return { ...row, now: null, standing: 'gone' as const }
    return { ...row, now: shown.text, standing: standingOf(file, shown.text, changedLater) }
  })
}

function standingOf(file: Held, now: string | null, changedLater: boolean): Standing {
  const same = (a: string | null | undefined) => a === now || (file.touch.brackets && typeof a === 'string' && now !== null && chosen(a) === chosen(now))
  if (same(file.ours)) return 'ours'
  if (changedLater) return 'later run'
  if (same(file.touch.before)) return 'original'
  return file.ours === undefined ? 'unknown' : 'other'
}
