import { existsSync, realpathSync } from 'node:fs'
import { userInfo } from 'node:os'
import { geteuid } from 'node:process'
import { SemantosError } from '@semantos/core'
import { deadlineIn } from './deadline.js'
import { Guard } from './watchdog-process.js'
import { isRealHost } from './interfaces.js'
import { Journal, journalFile } from './journal.js'
import { type Lock, acquireLock } from './lock.js'
import { hostScope } from './namespaces.js'
import { bootIdUnder, ownIdentity } from './processes.js'
import { forgetOldest, recoverAll, unconfirmedRun } from './recover.js'
import type { JournalRecord, RunRecord, Scope } from './records.js'
import { type OpenIntent, replay } from './replay.js'
import { type Restored, restoreAll } from './restore.js'
import { undoFailed } from './rollback.js'
import type { RollbackRow } from './rollback-row.js'
import { STATE_DIR, prepareStateDir } from './state-dir.js'
import { WRITE_LIMIT_MS } from './knob-file.js'

/** What a run that may write is told. */
export interface RunOptions {
  /** The folder that stands for `/`. */
  readonly root: string
  /** Where journals are kept; only this user may write there. */
  readonly stateDir?: string
  /** The run's name; a number is added where a journal of that name is there already. */
  readonly run: string
  readonly command: readonly string[]
  /** The version of SemantOS, for the journal. */
  readonly version: string
  /** Whose values these are, from `enterNetns`; the host's without it. */
  readonly scope?: Scope
  /** Without a guard process, a run that dies is taken back at the next start only. */
  readonly guard?: boolean
  /** How long one write may take. */
  readonly writeLimitMs?: number
}

/**
 * Leave to write: holds the lock, a journal and a guard from before the first write until `close`. A run that is closed
 * without a commit takes back all it wrote.
 */
export class Run implements AsyncDisposable {
  readonly #records: JournalRecord[] = []
  #state: 'open' | 'committed' | 'closed' = 'open'
  #seq = 0
  /**
   * Files whose write has not come back. Such a process cannot end by itself: Node waits for the thread. Whoever runs it says
   * what happened and then kills it; the guard sees to the rest once the kernel has let the write go.
   */
  readonly stuck: string[] = []

  private constructor(
    readonly id: string,
    readonly root: string,
    readonly writeLimitMs: number,
    /** Values of earlier runs that had died before they were done, taken back when this one began. */
    readonly recovered: readonly RollbackRow[],
    readonly journal: Journal,
    readonly lock: Lock,
    readonly guard: Guard | null,
  ) {}

  /**
   * Throws, before anything is written: SEMANTOS_E_APPLY_REFUSED without root, SEMANTOS_E_LOCKED while another run is at work,
   * SEMANTOS_E_UNCONFIRMED while one waits for its confirmation, SEMANTOS_E_JOURNAL_* where no journal can be kept,
   * SEMANTOS_E_GUARD, and SEMANTOS_E_UNDO_FAILED where values of a dead run could not be taken back.
   */
  static async open(options: RunOptions): Promise<Run> {
    const root = realpathSync(options.root)
    const { writeLimitMs = WRITE_LIMIT_MS } = options
    if (isRealHost(root) && geteuid?.() !== 0) {
      throw new SemantosError('SEMANTOS_E_APPLY_REFUSED', { message: 'changing kernel parameters needs root', next: 'Run it as root (sudo); semantos plan shows what would be done.' })
    }
    const dir = prepareStateDir(options.stateDir ?? STATE_DIR)
    const lock = acquireLock(dir, options.run, options.command)
    try {
      const recovered = await recoverAll(dir, root, options.run)
      const failure = undoFailed(recovered)
      if (failure) throw failure
      const waiting = unconfirmedRun(dir, root)
      if (waiting) throw new SemantosError('SEMANTOS_E_UNCONFIRMED', { message: `run ${waiting.run} waits until ${waiting.deadline} for somebody to confirm it` })
      forgetOldest(dir, root)
      const header = headerOf(dir, root, options)
      const journal = Journal.create(dir, header)
      const guard = options.guard === false ? null : await Guard.start({ task: 'settle', stateDir: dir, run: header.run, writeLimitMs })
      const run = new Run(header.run, root, writeLimitMs, recovered, journal, lock, guard)
      if (guard) run.record(guard.record, 'handed over')
      return run
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Adds a record to the journal; returns when it is on disk, or when the system has it. */
  record(record: JournalRecord, until: 'on disk' | 'handed over'): void {
    this.journal.append(record, until)
    this.#records.push(record)
  }

  /** Writes not taken back yet, oldest first. */
  openIntents(): readonly OpenIntent[] {
    return replay(this.#records).open
  }

  /** The number of the next intent. */
  nextSeq(): number {
    this.#seq += 1
    return this.#seq
  }

  /** The number of the newest write; 0 before the first. */
  get lastSeq(): number {
    return this.#seq
  }

  /** Throws unless values may be written now. */
  mustBeOpen(): void {
    const why = this.#state !== 'open' ? `run ${this.id} is ${this.#state}` : this.stuck.length > 0 ? `the write to ${this.stuck.join(', ')} has not come back` : null
    if (why !== null) throw new SemantosError('SEMANTOS_E_APPLY_REFUSED', { message: `nothing more is written: ${why}` })
  }

  /**
   * The values stay. With `confirmWithinMs` they stay only if `confirm` comes in time; until then the guard keeps watch,
   * so without one that is refused.
   */
  commit({ confirmWithinMs }: { readonly confirmWithinMs?: number } = {}): void {
    this.mustBeOpen()
    if (confirmWithinMs !== undefined && !this.guard?.alive) {
      throw new SemantosError('SEMANTOS_E_GUARD', { message: 'there is no guard process to take values back that nobody confirms' })
    }
    const deadline = confirmWithinMs === undefined ? null : deadlineIn(confirmWithinMs)
    this.record({ type: 'commit', time: new Date().toISOString(), deadline }, 'on disk')
    this.#state = 'committed'
  }

  /**
   * Takes writes back, newest first; never throws for a value that cannot be restored. A stuck one is left to the guard. The system has the
   * records when this returns; the next intent, or the end of the run, brings them to disk. One lost in a power cut costs nothing: values
   * of the kernel are gone with that boot, and a file is found to be as it was before.
   */
  takeBack(intents: readonly OpenIntent[], by: string): Promise<Restored[]> {
    const { root, writeLimitMs, stuck } = this
    const settled = intents.filter(({ intent }) => !stuck.includes(intent.written.path))
    return restoreAll(settled, { root, by, writeLimitMs, record: (record) => this.record(record, 'handed over') })
  }

  /** Ends the run. What was not committed is taken back; throws SEMANTOS_E_UNDO_FAILED where that fails. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return
    const committed = this.#state === 'committed'
    this.#state = 'closed'
    const rows = committed ? [] : await this.takeBack(this.openIntents(), 'semantos')
    if (this.stuck.length > 0) {
      // Lock and guard are kept until the process is dead: only then is it known what the write did.
      throw new SemantosError('SEMANTOS_E_UNDO_FAILED', { message: `the write to ${this.stuck.join(', ')} has not come back` })
    }
    if (this.#seq === 0) this.journal.remove()
    else this.journal.close()
    this.lock.release()
    this.guard?.release()
    const failure = undoFailed(rows)
    if (failure) throw failure
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function headerOf(dir: string, root: string, options: RunOptions): RunRecord {
  const { pid, started_ticks } = ownIdentity()
  return {
    type: 'run',
    version: 1,
    run: freeName(dir, options.run),
    time: new Date().toISOString(),
    boot_id: bootIdUnder(root),
    pid,
    started_ticks,
    uid: geteuid?.() ?? -1,
    user: userName(),
    semantos: options.version,
    root,
    scope: options.scope ?? hostScope(root),
    command: options.command,
  }
}

function freeName(dir: string, run: string): string {
  let name = run
  for (let number = 2; existsSync(journalFile(dir, name)); number++) name = `${run}-${number}`
  return name
}

/** Who became root, where sudo says so. */
function userName(): string {
  const { SUDO_USER } = process.env
  if (SUDO_USER) return SUDO_USER
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
