import { closeSync, existsSync, fdatasyncSync, fstatSync, fsyncSync, openSync, readFileSync, readdirSync, rmSync, rmdirSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, SemantosError, TuneTrial, z } from '@semantos/core'
import { makeFolder } from '@semantos/host'
import { Beginning } from './fingerprint.js'
import { differences } from './resume-check.js'

/** What a log holds: under what its tune began, null in one without a trial, and the trials. */
interface Recorded {
  readonly beginning: Beginning | null
  readonly trials: readonly TuneTrial[]
}

/**
 * Every trial is on disk when it ends, behind a line that says under what the tune began. A resumed tune makes the same decisions from the
 * same numbers, so replaying the log is resuming: a trial that is there is handed back instead of being run again.
 */
export class TrialLog {
  readonly #recorded: Recorded
  readonly #descriptor: number
  /** Comes to the disk with the first trial. */
  #unwritten: Beginning | null = null

  constructor(readonly file: string) {
    try {
      makeFolder(dirname(file))
      this.#recorded = existsSync(file) ? readLog(file) : { beginning: null, trials: [] }
      this.#descriptor = openSync(file, 'a', 0o600)
    } catch (error) {
      if (error instanceof SemantosError) throw error
      throw new SemantosError('SEMANTOS_E_WRITE_FAILED', { message: `cannot write the log of trials: ${messageOf(error)}`, place: file, cause: error })
    }
  }

  /** How many trials there are from before. */
  get recorded(): number {
    return this.#recorded.trials.length
  }

  /** Says under what trials will run. Where the log has trials that ran under something else, they are trials of another tune. */
  begin(beginning: Beginning): void {
    const { beginning: then } = this.#recorded
    if (then === null) {
      this.#unwritten = beginning
      return
    }
    const apart = differences(then, beginning)
    if (apart.length > 0) throw this.#stale(`its ${this.recorded} trials ran under something else: ${apart.join('; ')}`)
  }

  /** The trial of this number from before, if the same arm ran in it. */
  replay(number: number, arm: string): TuneTrial | undefined {
    const trial = this.#recorded.trials[number - 1]
    if (!trial || trial.arm === arm) return trial
    throw this.#stale(`trial ${number} was of ${trial.arm} and would now be of ${arm}`, 'Give the budget that it was begun with, or start a new tune, without --resume.')
  }

  /** Returns when the trial is on disk. */
  append(trial: TuneTrial): void {
    const lines = [...(this.#unwritten === null ? [] : [this.#unwritten]), trial]
    this.#unwritten = null
    writeSync(this.#descriptor, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    fdatasyncSync(this.#descriptor)
  }

  /** Closes the file. One without a trial is removed: a tune that could not begin leaves nothing to go on with. */
  close(): void {
    const { size } = fstatSync(this.#descriptor)
    closeSync(this.#descriptor)
    if (size > 0) return
    rmSync(this.file, { force: true })
    const folder = dirname(this.file)
    if (readdirSync(folder).length === 0) rmdirSync(folder)
  }

  #stale(message: string, next?: string): SemantosError {
    return new SemantosError('SEMANTOS_E_TUNE_STALE', { message: `this tune cannot be gone on with: ${message}`, place: this.file, ...(next !== undefined && { next }) })
  }
}

/** A torn last line is what a crash leaves; any other broken line is an error. */
function readLog(file: string): Recorded {
  const lines = readFileSync(file, 'utf8').split('\n')
  const torn = lines.pop()
  const [first, ...rest] = lines
  const kept = rest.length === 0 ? [] : lines
  if (kept.length < lines.length || (torn !== undefined && torn !== '')) rewriteWith(file, kept)
  if (first === undefined || rest.length === 0) return { beginning: null, trials: [] }
  return { beginning: parsed(Beginning, first, `${file}:1`), trials: rest.map((line, index) => parsed(TuneTrial, line, `${file}:${index + 2}`)) }
}

function parsed<S extends z.ZodType>(schema: S, line: string, place: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(line))
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error)
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: problem, place, cause: error, next: 'Start a new tune, without --resume: this log is not as this version of semantos tune writes it.' })
  }
}

function rewriteWith(file: string, lines: readonly string[]): void {
  const descriptor = openSync(file, 'w', 0o600)
  writeSync(descriptor, lines.map((line) => `${line}\n`).join(''))
  fsyncSync(descriptor)
  closeSync(descriptor)
}
