import { SemantosError } from '@semantos/core'
import type { JournalText } from './journal.js'
import { type Holder, lockHolder } from './lock.js'
import { type Phase, phaseOf } from './recover.js'
import type { JournalRecord, Scope, Touch, UndoneRecord } from './records.js'
import { replay, touchesOf } from './replay.js'
import { journalsOf } from './rollback.js'
import { STATE_DIR } from './state-dir.js'
import type { JournalPlace } from './status.js'

/** A run that wrote something, from its journal. Times are ISO. */
export interface PastRun {
  readonly run: string
  readonly phase: Phase
  readonly time: string
  readonly committed: string | null
  readonly deadline: string | null
  readonly user: string
  readonly semantos: string
  readonly command: readonly string[]
  readonly scope: Scope
  readonly changes: readonly PastChange[]
  /** Lines of its journal that could not be read. */
  readonly broken: readonly string[]
}

/** One write of a run. Texts are the file's own. */
export interface PastChange {
  readonly seq: number
  readonly time: string
  readonly by: string
  readonly knob: string
  readonly interface: Touch['interface']
  readonly path: string
  readonly words: Touch['words']
  readonly before: string | null
  readonly to: string | null
  /** Null where the run died before it had read back. */
  readonly stored: string | null
  /** Why the write failed, where it did. */
  readonly failed: string | null
  /** What the kernel changed along with it. */
  readonly resets: readonly { readonly knob: string; readonly before: string | null; readonly after: string | null }[]
  readonly undone: { readonly time: string; readonly by: string; readonly outcome: UndoneRecord['outcome']; readonly detail: string } | null
}

/** Every run that wrote something, newest first. Reads only. */
export function history({ stateDir = STATE_DIR, root = '/' }: JournalPlace = {}): PastRun[] {
  const holder = lockHolder(stateDir)
  return journalsOf(stateDir, root).journals.toReversed().map((journal) => pastRun(journal, holder))
}

/** One run; throws SEMANTOS_E_RUN_UNKNOWN. */
export function pastRunOf(run: string, place: JournalPlace = {}): PastRun {
  const found = history(place).find((past) => past.run === run)
  if (found) return found
  throw new SemantosError('SEMANTOS_E_RUN_UNKNOWN', { message: `there is no journal of run ${run} in ${place.stateDir ?? STATE_DIR}` })
}

function pastRun(journal: JournalText, holder: Holder | null): PastRun {
  const { run, time, user, semantos, command, scope } = journal.header
  const told = replay(journal.records)
  return {
    run, time, user, semantos, command, scope,
    phase: phaseOf(journal, told, holder),
    committed: told.committed,
    deadline: told.deadline?.time ?? null,
    changes: changesOf(journal.records),
    broken: journal.broken.map(({ line, why }) => `line ${line}: ${why}`),
  }
}

function changesOf(records: readonly JournalRecord[]): PastChange[] {
  return records.flatMap((intent) => {
    if (intent.type !== 'intent') return []
    const stored = records.find((record) => record.type === 'stored' && record.seq === intent.seq)
    const undone = records.findLast((record) => record.type === 'undone' && record.seqs.includes(intent.seq))
    const [written, ...resets] = touchesOf(intent).map((touch, index) => ({ ...touch, after: stored?.type === 'stored' ? (stored.texts[index] ?? null) : null }))
    if (!written) return []
    return [{
      seq: intent.seq, time: intent.time, by: intent.by, knob: written.knob, interface: written.interface, path: written.path, words: written.words,
      before: written.before, to: intent.to, stored: written.after,
      failed: stored?.type === 'stored' ? stored.failed : null,
      resets: resets.map(({ knob, before, after }) => ({ knob, before, after })),
      undone: undone?.type === 'undone' ? { time: undone.time, by: undone.by, outcome: undone.outcome, detail: undone.detail } : null,
    }]
  })
}
