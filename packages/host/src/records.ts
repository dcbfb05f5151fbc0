import type { Interface } from '@semantos/core'
import type { Deadline } from './deadline.js'

/** The network namespace that a run's values belong to. `inode` is null where none could be told (a fake root). */
export interface Scope {
  readonly kind: 'host' | 'netns'
  /** As it was asked for: a name under /run/netns or a process number; null for the host's own. */
  readonly name: string | null
  readonly path: string
  readonly inode: number | null
}

/** First line of a journal. */
export interface RunRecord {
  readonly type: 'run'
  readonly version: 1
  readonly run: string
  readonly time: string
  readonly boot_id: string
  readonly pid: number
  readonly started_ticks: string
  readonly uid: number
  readonly user: string
  readonly semantos: string
  readonly root: string
  readonly scope: Scope
  readonly command: readonly string[]
}

/** One file that a write changes. Texts have no trailing newline; a drop-in that is not there has the text null. */
export interface Touch {
  readonly knob: string
  readonly interface: Interface | 'drop-in'
  readonly path: string
  readonly before: string | null
  /** What to write to get `before` back: the chosen word where the file shows a list with the choice in brackets. */
  readonly restore: string | null
  readonly brackets: boolean
  /** The knob's words in a file that holds many; `before` and `restore` are then one of them. Empty where the whole file is the knob's. */
  readonly words: readonly string[]
}

/** On disk before the write is made. `resets` are the files that the kernel changes along with it. */
export interface IntentRecord {
  readonly type: 'intent'
  readonly seq: number
  readonly time: string
  readonly by: string
  readonly to: string | null
  readonly written: Touch
  readonly resets: readonly Touch[]
}

/** What was read back afterwards; `texts` stand in the order of the intent's files. `failed` says why the write did not succeed. */
export interface StoredRecord {
  readonly type: 'stored'
  readonly seq: number
  readonly texts: readonly (string | null)[]
  readonly failed: string | null
}

export type UndoOutcome = 'restored' | 'unchanged' | 'modified externally' | 'failed'

/** Intents that were taken back, or left alone because the value is somebody else's by now. */
export interface UndoneRecord {
  readonly type: 'undone'
  readonly seqs: readonly number[]
  readonly time: string
  readonly by: string
  readonly outcome: UndoOutcome
  readonly detail: string
}

export interface GuardRecord {
  readonly type: 'guard'
  readonly pid: number
  readonly started_ticks: string
  readonly time: string
}

/** The run is done and its values are to stay; until `deadline` they stay only if somebody confirms. */
export interface CommitRecord {
  readonly type: 'commit'
  readonly time: string
  readonly deadline: Deadline | null
}

export interface RenewRecord {
  readonly type: 'renew'
  readonly time: string
  readonly deadline: Deadline
}

export interface ConfirmRecord {
  readonly type: 'confirm'
  readonly time: string
  readonly by: string
}

export type JournalRecord = RunRecord | IntentRecord | StoredRecord | UndoneRecord | GuardRecord | CommitRecord | RenewRecord | ConfirmRecord
