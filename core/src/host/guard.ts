import { existsSync } from 'node:fs'
import type { GuardTask, SettleTask } from './guard-task.js'
import { journalFile, listJournals, readJournal } from './journal.js'
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
      return JSON.stringify(task.paths.map((path) => showTouched(task.root, { interface: 'sysctl', path })))
  }
}

/** Null: nothing is left to guard; else for how many seconds the lease runs on. */
async function settle({ stateDir, run, writeLimitMs }: SettleTask): Promise<number | null> {
  const file = journalFile(stateDir, run)
  const lock = await waitForLock(stateDir, run, ['semantos-guard', run], FOREVER_MS)
  try {
    const journal = existsSync(file) ? readJournal(file) : null
    if (!journal) return null
    const { committed, deadline, open } = replay(journal.records)
    if (open.length === 0 || (committed !== null && deadline === null)) return null
    const seconds = deadline === null ? 0 : Math.ceil(remainingSeconds(deadline))
    if (seconds > 0) return seconds
    await restoreJournal(journal, { stateDir, by: 'guard', writeLimitMs })
    return null
  } finally {
    lock.release()
  }
}
