import { existsSync } from 'node:fs'
import type { GuardTask, SettleTask } from './watchdog-task.js'
import { type JournalText, journalFile, listJournals, readJournal } from './journal.js'
import { waitForLock } from './lock.js'
import { recoverAll } from './recover.js'
import { replay } from './replay.js'
import { remainingSeconds } from './deadline.js'
import { restoreJournal } from './rollback.js'
import { showTouched } from './touched-file.js'

/** The guard waits for others at work as long as it takes: what it has to do must be done. */
const FOREVER_MS = Number.POSITIVE_INFINITY

/** Does a task and returns what is to be printed. */
export async function runGuard(task: GuardTask): Promise<string> {
  switch (task.task) {
    case 'settle':
      return String((await settle(task)) ?? '')
    case 'restore': {
      const journal = listJournals(task.stateDir).journals.find(({ header }) => header.run === task.run)
      const { knob, ...how } = task
      return JSON.stringify(journal ? await restoreJournal(journal, { ...how, ...(knob !== null && { knob }) }) : [])
    }
    case 'recover': {
      const lock = await waitForLock(task.stateDir, '', ['semantos-guard', 'recover'], FOREVER_MS)
      try {
        return JSON.stringify(await recoverAll(task.stateDir, task.root, 'guard'))
      } finally {
        lock.release()
      }
    }
    case 'show':
      return JSON.stringify(task.paths.map((path) => showTouched(task.root, { interface: 'sysctl', path, words: [] })))
  }
}

/**
 * Null: nothing is left to guard; else for how many seconds the lease runs on. The lock is taken only to take values back: the next
 * run may begin at once, and shall not find it held by a guard that only looks.
 */
async function settle({ stateDir, run, writeLimitMs }: SettleTask): Promise<number | null> {
  const file = journalFile(stateDir, run)
  const left = leftOf(file)
  if (left.seconds !== 0) return left.seconds
  const lock = await waitForLock(stateDir, run, ['semantos-guard', run], FOREVER_MS)
  try {
    // Somebody may have confirmed it, or taken it back, meanwhile.
    const now = leftOf(file)
    if (now.seconds !== 0) return now.seconds
    await restoreJournal(now.journal, { stateDir, by: 'guard', writeLimitMs })
    return null
  } finally {
    lock.release()
  }
}

/** How long the values of a run that has ended may still stand; null where nothing of it is left to take back. */
function leftOf(file: string): { readonly seconds: null } | { readonly seconds: number; readonly journal: JournalText } {
  const journal = existsSync(file) ? readJournal(file) : null
  if (!journal) return { seconds: null }
  const { committed, deadline, open } = replay(journal.records)
  if (open.length === 0 || (committed !== null && deadline === null)) return { seconds: null }
  return { seconds: deadline === null ? 0 : Math.max(0, Math.ceil(remainingSeconds(deadline))), journal }
}
