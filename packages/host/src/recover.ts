import { rmSync } from 'node:fs'
import type { JournalText } from './journal.js'
import { remainingSeconds } from './deadline.js'
import { lockHolder } from './lock.js'
import { bootIdUnder } from './processes.js'
import { type Replay, replay } from './replay.js'
import { journalsOf, restoreJournal } from './rollback.js'
import type { RollbackRow } from './rollback-row.js'

/**
 * Where a run stands: at work; died before it was done; waits for a confirmation, or waited in vain; is there to stay;
 * has been taken back; was ended by a restart of the machine.
 */
export type Phase = 'running' | 'interrupted' | 'unconfirmed' | 'expired' | 'applied' | 'rolled back' | 'discarded'

/** Decides the phase from the journal, the clock and who holds the lock. */
export function phaseOf(journal: JournalText, told: Replay, holder: { readonly run: string } | null): Phase {
  const { header } = journal
  if (holder?.run === header.run) return 'running'
  const rebooted = header.boot_id !== bootIdUnder(header.root)
  const open = told.open.filter(({ letGo }) => !letGo)
  const standing = open.filter(({ intent }) => !rebooted || intent.written.interface === 'drop-in')
  if (standing.length === 0) return open.length > 0 ? 'discarded' : 'rolled back'
  if (told.committed === null) return 'interrupted'
  if (told.deadline === null) return 'applied'
  return !rebooted && remainingSeconds(told.deadline) > 0 ? 'unconfirmed' : 'expired'
}

/** Takes back every run that died before it was done, or was not confirmed in time. Whoever calls this holds the lock. */
export async function recoverAll(dir: string, root: string, by: string): Promise<RollbackRow[]> {
  const rows: RollbackRow[] = []
  for (const journal of journalsOf(dir, root).journals.toReversed()) {
    const phase = phaseOf(journal, replay(journal.records), null)
    if (phase === 'interrupted' || phase === 'expired') rows.push(...(await restoreJournal(journal, { stateDir: dir, by })))
  }
  return rows
}

/** The run that waits for somebody to confirm it, if there is one. */
export function unconfirmedRun(dir: string, root: string): { readonly run: string; readonly deadline: string } | null {
  const holder = lockHolder(dir)
  for (const journal of journalsOf(dir, root).journals.toReversed()) {
    const told = replay(journal.records)
    if (phaseOf(journal, told, holder) === 'unconfirmed' && told.deadline !== null) return { run: journal.header.run, deadline: told.deadline.time }
  }
  return null
}

/** How many settled runs are remembered. */
const REMEMBERED = 500

/** Removes the oldest journals of runs that have nothing applied any more. Whoever calls this holds the lock. */
export function forgetOldest(dir: string, root: string, remembered = REMEMBERED): void {
  const settled = journalsOf(dir, root).journals.filter((journal) => ['rolled back', 'discarded'].includes(phaseOf(journal, replay(journal.records), null)))
  for (const { file } of settled.slice(0, Math.max(0, settled.length - remembered))) rmSync(file, { force: true })
}
