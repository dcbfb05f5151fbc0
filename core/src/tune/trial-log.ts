import { closeSync, existsSync, fdatasyncSync, fstatSync, fsyncSync, openSync, readFileSync, readdirSync, rmSync, rmdirSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../host/make-folder.js'
import { SemantosError, messageOf } from '../kernel/errors.js'
import { TuneTrial } from '../model/tune.js'

/**
 * Every trial is on disk when it ends. A resumed tune makes the same decisions from the same numbers, so replaying the log is
 * resuming: a trial that is there is handed back instead of being run again.
 */
export class TrialLog {
  readonly #recorded: readonly TuneTrial[]
  readonly #descriptor: number

  constructor(readonly file: string) {
    try {
      makeFolder(dirname(file))
      this.#recorded = existsSync(file) ? readTrials(file) : []
      this.#descriptor = openSync(file, 'a', 0o600)
    } catch (error) {
      if (error instanceof SemantosError) throw error
      throw new SemantosError('SEMANTOS_E_WRITE_FAILED', { message: `cannot write the log of trials: ${messageOf(error)}`, place: file, cause: error })
    }
  }

  /** How many trials there are from before. */
  get recorded(): number {
    return this.#recorded.length
  }

  /** The trial of this number from before, if the same arm ran in it. */
  replay(number: number, arm: string): TuneTrial | undefined {
    const trial = this.#recorded[number - 1]
    if (!trial || trial.arm === arm) return trial
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', {
      message: `trial ${number} was of ${trial.arm} and would now be of ${arm}: config, seed or host have changed since`,
      place: this.file,
      next: 'Start a new tune.',
    })
  }

  /** Returns when the trial is on disk. */
  append(trial: TuneTrial): void {
    writeSync(this.#descriptor, `${JSON.stringify(trial)}\n`)
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
}

/** A torn last line is what a crash leaves; any other broken line is an error. */
function readTrials(file: string): TuneTrial[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  const torn = lines.pop()
  if (torn !== undefined && torn !== '') rewriteWithout(file, lines)
  return lines.map((line, index) => {
    try {
      return TuneTrial.parse(JSON.parse(line))
    } catch (error) {
      const problem = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error)
      throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: problem, place: `${file}:${index + 1}`, cause: error })
    }
  })
}

function rewriteWithout(file: string, lines: readonly string[]): void {
  const descriptor = openSync(file, 'w', 0o600)
  writeSync(descriptor, lines.map((line) => `${line}\n`).join(''))
  fsyncSync(descriptor)
  closeSync(descriptor)
}
