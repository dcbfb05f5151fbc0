import type { Deadline } from './deadline.js'
import type { IntentRecord, JournalRecord, StoredRecord, Touch, UndoOutcome } from './records.js'

/** A write that the journal announced and that has not been taken back. */
export interface OpenIntent {
  readonly intent: IntentRecord
  /** Null where the run died before it had read back: the write may or may not have been made. */
  readonly stored: StoredRecord | null
  /** A rollback found somebody else's value there and left it alone. */
  readonly letGo: boolean
}

/** A run as its journal tells it. */
export interface Replay {
  readonly open: readonly OpenIntent[]
  /** All writes that were made, taken back or not. */
  readonly written: number
  readonly committed: string | null
  /** Until when somebody must confirm; null where nobody need, or somebody has. */
  readonly deadline: Deadline | null
  readonly guard: { readonly pid: number; readonly started_ticks: string } | null
}

export function replay(records: readonly JournalRecord[]): Replay {
  const intents = new Map<number, IntentRecord>()
  const stored = new Map<number, StoredRecord>()
  const undone = new Map<number, UndoOutcome>()
  let [committed, deadline, guard]: [string | null, Deadline | null, Replay['guard']] = [null, null, null]
  for (const record of records) {
    switch (record.type) {
      case 'intent':
        intents.set(record.seq, record)
        break
      case 'stored':
        stored.set(record.seq, record)
        break
      case 'undone':
        for (const seq of record.seqs) undone.set(seq, record.outcome)
        break
      case 'commit':
        committed = record.time
        deadline = record.deadline
        break
      case 'renew':
        deadline = record.deadline
        break
      case 'confirm':
        deadline = null
        break
      case 'guard':
        guard = record
        break
      case 'run':
        break
    }
  }
  const made = [...intents.values()]
    .map((intent) => ({ intent, stored: stored.get(intent.seq) ?? null, letGo: undone.get(intent.seq) === 'modified externally' }))
    .filter((open) => !changedNothing(open))
  const open = made.filter(({ intent }) => !['restored', 'unchanged'].includes(undone.get(intent.seq) ?? ''))
  return { open, written: made.length, committed, deadline, guard }
}

/** The kernel refused the write, and every file shows what it showed before. */
function changedNothing({ intent, stored }: Omit<OpenIntent, 'letGo'>): boolean {
  if (stored === null || stored.failed === null) return false
  return touchesOf(intent).every((touch, index) => stored.texts[index] === touch.before)
}

export function touchesOf(intent: IntentRecord): readonly Touch[] {
  return [intent.written, ...intent.resets]
}

/** One file from its first change to its last. `ours` is undefined while nobody knows what a write left there. */
export interface Held {
  readonly touch: Touch
  readonly ours: string | null | undefined
  readonly newest: number
  /** Only changed along with another file. */
  readonly side: boolean
}

/** Files that change together, such as vm.dirty_ratio and vm.dirty_bytes, and must be restored together. */
export interface Cluster {
  readonly seqs: readonly number[]
  /** In the order in which they are restored: written ones newest first, then those that only changed along. */
  readonly held: readonly Held[]
}

/** Open writes as files to be restored, newest first: each goes straight back to what it showed before the first of them. */
export function clustersOf(intents: readonly OpenIntent[]): Cluster[] {
  const held = new Map<string, Held>()
  const clusterOf = new Map<string, { keys: readonly string[]; seqs: readonly number[] }>()
  for (const { intent, stored } of intents) {
    const touches = touchesOf(intent)
    for (const [index, touch] of touches.entries()) {
      const known = held.get(keyOf(touch))
      const ours = stored ? stored.texts[index] ?? null : undefined
      held.set(keyOf(touch), { touch: known?.touch ?? touch, ours, newest: intent.seq, side: index > 0 && (known?.side ?? true) })
    }
    const joined = new Set(touches.flatMap((touch) => clusterOf.get(keyOf(touch)) ?? []))
    const keys = new Set([...touches.map(keyOf), ...[...joined].flatMap((cluster) => cluster.keys)])
    const cluster = { keys: [...keys], seqs: [...[...joined].flatMap(({ seqs }) => seqs), intent.seq] }
    for (const key of keys) clusterOf.set(key, cluster)
  }
  return [...new Set(clusterOf.values())]
    .map(({ keys, seqs }) => ({
      seqs,
      held: keys.flatMap((key) => held.get(key) ?? []).sort((a, b) => Number(a.side) - Number(b.side) || b.newest - a.newest),
    }))
    .sort((a, b) => Math.max(...b.seqs) - Math.max(...a.seqs))
}

function keyOf(touch: Touch): string {
  return [touch.interface, touch.path, ...touch.words].join(' ')
}
