import { SemantosError } from '@semantos/core'
import { deadlineIn } from './deadline.js'
import { Journal, type JournalText } from './journal.js'
import { waitForLock } from './lock.js'
import { phaseOf } from './recover.js'
import type { ConfirmRecord, RenewRecord } from './records.js'
import { replay } from './replay.js'
import { journalsOf } from './rollback.js'
import { STATE_DIR } from './state-dir.js'

/** Which run is meant, and where its journal is. */
export interface LeaseOptions {
  readonly stateDir?: string
  readonly root?: string
  /** The run that waits; the newest that waits without it. */
  readonly run?: string
}

/** Somebody at work is waited for this long: a lease may be ending just now. */
const LOCK_LIMIT_MS = 10_000

/** Keeps the values of a run that waits for it. Returns the run's name; throws SEMANTOS_E_LEASE_OVER when it comes too late. */
export function confirm(options: LeaseOptions = {}): Promise<string> {
  return answer(options, { type: 'confirm', time: new Date().toISOString(), by: process.env['SUDO_USER'] ?? process.env['USER'] ?? '' })
}

/** Gives a waiting run `ms` more, counted from now. */
export function renew({ ms, ...options }: LeaseOptions & { readonly ms: number }): Promise<string> {
  return answer(options, { type: 'renew', time: new Date().toISOString(), deadline: deadlineIn(ms) })
}

async function answer({ stateDir = STATE_DIR, root = '/', run }: LeaseOptions, record: ConfirmRecord | RenewRecord): Promise<string> {
  const lock = await waitForLock(stateDir, run ?? '', ['semantos', record.type], LOCK_LIMIT_MS)
  try {
    const text = waiting(stateDir, root, run)
    const journal = Journal.reopen(text)
    journal.append(record, 'on disk')
    journal.close()
    return text.header.run
  } finally {
    lock.release()
  }
}

function waiting(dir: string, root: string, run: string | undefined): JournalText {
  const newestFirst = journalsOf(dir, root).journals.toReversed()
  const phased = newestFirst.map((text) => ({ text, phase: phaseOf(text, replay(text.records), null) }))
  const found = phased.find(({ text, phase }) => (run === undefined ? phase === 'unconfirmed' : text.header.run === run))
  if (found?.phase === 'unconfirmed') return found.text
  if (run !== undefined && !found) throw new SemantosError('SEMANTOS_E_RUN_UNKNOWN', { message: `there is no journal of run ${run} in ${dir}` })
  const message = found ? `run ${found.text.header.run} waits for no confirmation: it is ${found.phase}` : 'no run waits for a confirmation'
  throw new SemantosError('SEMANTOS_E_LEASE_OVER', { message })
}
