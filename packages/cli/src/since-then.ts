import { resolve } from 'node:path'
import { type JournalPlace, pastRunOf, type Phase } from '@semantos/host'
import { isSemantosError } from '@semantos/core'

const WORDS: Readonly<Record<Phase, string | null>> = {
  running: null,
  applied: null,
  interrupted: 'It waits for semantos rollback.',
  unconfirmed: 'It waits for semantos confirm.',
  expired: 'Nobody confirmed it in time: it waits for semantos rollback.',
  'rolled back': 'None of it stands any more: it was taken back.',
  discarded: 'None of it stands any more: the machine has been restarted.',
}

/** What has become of a run since its report was written, in a sentence; null where its values stand, or no journal that may be read knows the run. */
export function sinceThen(run: string, { root, stateDir }: Required<JournalPlace>): string | null {
  try {
    return WORDS[pastRunOf(run, { root: resolve(root), stateDir: resolve(stateDir) }).phase]
  } catch (error) {
    if (isSemantosError(error) && (error.code === 'SEMANTOS_E_RUN_UNKNOWN' || error.code === 'SEMANTOS_E_JOURNAL_UNREADABLE')) return null
    throw error
  }
}
