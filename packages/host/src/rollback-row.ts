import { OUTCOMES } from './decode.js'
import { Fields } from './fields.js'
import type { Restored } from './restore.js'

/** What is to be taken back. Without options: the newest run with something applied. */
export interface RollbackOptions {
  readonly stateDir?: string
  /** The folder that stands for `/`; journals of other roots are not looked at. */
  readonly root?: string
  /** One run, or `all`; without it the newest that has something applied. */
  readonly run?: string
  /** Only this knob, on one device (`block.nr_requests[vda]`) or on all of them. */
  readonly knob?: string
  /** Say what would be done. */
  readonly dryRun?: boolean
  /** Also values that somebody else has changed since. */
  readonly force?: boolean
  readonly by?: string
  readonly writeLimitMs?: number
  /** How long to wait for whoever is at work: a guard is done in no time. */
  readonly waitMs?: number
}

/** `void`: there is nothing to restore any more, after a reboot or because its network namespace is gone. */
export interface RollbackRow extends Omit<Restored, 'outcome'> {
  readonly run: string
  readonly outcome: Restored['outcome'] | 'discarded'
}

const ROW_OUTCOMES = [...OUTCOMES, 'would restore', 'discarded'] as const

/** Rows that another process printed. */
export function decodeRows(json: unknown): RollbackRow[] {
  return new Fields({ rows: json }).list('rows', (item) => {
    const o = new Fields(item)
    return {
      run: o.text('run'), knob: o.text('knob'), path: o.text('path'), original: o.textOrNull('original'), ours: o.textOrNull('ours'),
      now: o.textOrNull('now'), outcome: o.oneOf('outcome', ROW_OUTCOMES), detail: o.text('detail'),
    }
  })
}
