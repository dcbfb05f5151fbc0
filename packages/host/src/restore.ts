import { messageOf } from '@semantos/core'
import { chosen } from '@semantos/core/kernel'
import { WRITE_LIMIT_MS } from './knob-file.js'
import type { UndoOutcome, UndoneRecord } from './records.js'
import { type Cluster, type Held, type OpenIntent, clustersOf } from './replay.js'
import { type Shown, putTouched, showTouched } from './touched-file.js'

interface RestoreOptions {
  readonly root: string
  /** Who takes it back: a plugin, `rollback`, `guard`. */
  readonly by: string
  /** Also where somebody else has changed the value since. */
  readonly force?: boolean
  /** Look, and touch nothing. */
  readonly dryRun?: boolean
  readonly writeLimitMs?: number
  record(record: UndoneRecord): void
}

/** One file after a rollback, or as it would go. Texts are the file's own. */
export interface Restored {
  readonly knob: string
  readonly path: string
  readonly original: string | null
  readonly ours: string | null
  readonly now: string | null
  readonly outcome: UndoOutcome | 'would restore'
  readonly detail: string
}

/** Takes open writes back, newest first: compare, restore, read back. One that fails stops none of the others. */
export async function restoreAll(intents: readonly OpenIntent[], options: RestoreOptions): Promise<Restored[]> {
  const rows: Restored[] = []
  for (const cluster of clustersOf(intents)) {
    const restored = await restoreCluster(cluster, options)
    rows.push(...(options.dryRun ? restored : noted(cluster, restored, options)))
  }
  return rows
}

async function restoreCluster({ held }: Cluster, options: RestoreOptions): Promise<Restored[]> {
  const { root, force = false, dryRun = false, writeLimitMs = WRITE_LIMIT_MS } = options
  const before = held.map((file) => showTouched(root, file.touch))
  if (before.every((shown, index) => isOriginal(held[index], shown))) return rowsOf(held, before, (shown) => settled(shown, 'unchanged'))
  const foreign = held.find((file, index) => isForeign(file, before[index]))
  if (foreign && !force) {
    const detail = held.length === 1 ? 'somebody else has changed it since' : `somebody else has changed ${foreign.touch.knob} since`
    return rowsOf(held, before, () => ({ outcome: 'modified externally', detail: `${detail}; left alone` }))
  }
  if (dryRun) return rowsOf(held, before, (shown, file) => (isOriginal(file, shown) ? settled(shown, 'unchanged') : { outcome: 'would restore', detail: '' }))

  const failures = new Map<Held, string>()
  const write = async (file: Held) => {
    if (isOriginal(file, showTouched(root, file.touch))) return
    const put = await putTouched(root, file.touch, file.touch.restore, writeLimitMs)
    if (put.outcome !== 'written') failures.set(file, put.reason)
  }
  // Of a pair that excludes each other, 0 means "the other one holds": writing the other one zeroes it.
  for (const file of held) if (!yieldsToPartner(file, held)) await write(file)
  if (failures.size === 0) for (const file of held) await write(file)
  const after = held.map((file) => showTouched(root, file.touch))
  return rowsOf(held, after, (shown, file) => {
    if (isOriginal(file, shown)) return settled(shown, 'restored')
    const reason = 'reason' in shown ? shown.reason : `it shows ${JSON.stringify(shown.text)} after the write`
    return { outcome: 'failed', detail: failures.get(file) ?? reason }
  })
}

function settled(shown: Shown, outcome: 'unchanged' | 'restored'): { outcome: UndoOutcome; detail: string } {
  return 'reason' in shown ? { outcome: 'unchanged', detail: `the file is gone, and its value with it: ${shown.reason}` } : { outcome, detail: '' }
}

function isOriginal(file: Held | undefined, shown: Shown): boolean {
  if ('reason' in shown) return shown.gone
  return file !== undefined && same(file, shown.text, file.touch.before)
}

/** A write that nobody read back is taken for ours whatever it shows: the run died within the microseconds of that write. */
function isForeign(file: Held, shown: Shown | undefined): boolean {
  if (shown === undefined || 'reason' in shown || file.ours === undefined) return false
  return !same(file, shown.text, file.ours) && !same(file, shown.text, file.touch.before)
}

function same(file: Held, a: string | null, b: string | null): boolean {
  return a === b || (file.touch.brackets && a !== null && b !== null && chosen(a) === chosen(b))
}

function yieldsToPartner(file: Held, held: readonly Held[]): boolean {
  return file.touch.before === '0' && held.some((other) => other !== file && Number(other.touch.before) > 0)
}

function rowsOf(
  held: readonly Held[],
  shown: readonly Shown[],
  judge: (shown: Shown, file: Held) => { readonly outcome: Restored['outcome']; readonly detail: string },
): Restored[] {
  return held.flatMap((file, index) => {
    const now = shown[index]
    if (!now) return []
    const { knob, path, before } = file.touch
    return [{ knob, path, original: before, ours: file.ours ?? null, now: 'text' in now ? now.text : null, ...judge(now, file) }]
  })
}

const WORST_FIRST: readonly Restored['outcome'][] = ['failed', 'modified externally', 'restored', 'unchanged']

/** A rollback goes on when it cannot be noted down: the values matter more, and comparing tells later what was done. */
function noted({ seqs }: Cluster, rows: readonly Restored[], options: RestoreOptions): readonly Restored[] {
  const worst = WORST_FIRST.find((outcome) => rows.some((row) => row.outcome === outcome))
  const detail = rows.map((row) => row.detail).filter((text) => text !== '').join('; ')
  try {
    if (worst && worst !== 'would restore') options.record({ type: 'undone', seqs, time: new Date().toISOString(), by: options.by, outcome: worst, detail })
    return rows
  } catch (error) {
    return rows.map((row) => ({ ...row, detail: [row.detail, `not noted in the journal: ${messageOf(error)}`].filter(Boolean).join('; ') }))
  }
}
