import { closeSync, ftruncateSync, linkSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SemantosError } from '@semantos/core'
import { Fields } from './fields.js'
import { type ProcessIdentity, isAlive, ownIdentity } from './processes.js'
import { codeOf } from './reader.js'
import { asJournalError, asUnreadable } from './state-dir.js'

/** Who holds the lock, for whom it keeps waiting. */
export interface Holder extends ProcessIdentity {
  readonly run: string
  readonly since: string
  readonly command: string
}

/** A lock that is held until it is released or its process dies. */
export interface Lock {
  /** Lets the next one in. Releasing twice is releasing once. */
  release(): void
}

const NAME = /^lock\.(\d+)$/
const FIRST_RETRY_MS = 20
const LAST_RETRY_MS = 1000

/**
 * Takes the lock of a state folder, or throws and names who holds it.
 *
 * The lock is the file `lock.N` with the highest N: held while it names a live process, free when it is empty or that
 * process is dead. Taking it means to link `lock.N+1` into place, which only one can do, and to see that no higher one has
 * come meanwhile. The highest file is never removed, so nobody can take a number that has been used; a lock left by a dead
 * process is simply passed over, and no step exists in which two could each believe they had removed it.
 */
export function acquireLock(dir: string, run: string, command: readonly string[]): Lock {
  const holder: Holder = { ...ownIdentity(), run, since: new Date().toISOString(), command: command.join(' ').slice(0, 500) }
  // Also where not even a draft could be written.
  const atWork = lockHolder(dir)
  if (atWork) throw locked(dir, atWork)
  const draft = join(dir, `.lock-draft-${process.pid}-${process.hrtime.bigint()}`)
  try {
    writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 })
    for (;;) {
      const highest = Math.max(0, ...numbersIn(dir))
      const current = holderOf(dir, highest)
      if (current) throw locked(dir, current)
      const mine = highest + 1
      if (!linked(draft, join(dir, `lock.${mine}`))) continue
      const numbers = numbersIn(dir)
      if (Math.max(...numbers) > mine) {
        rmSync(join(dir, `lock.${mine}`), { force: true })
        continue
      }
      for (const older of numbers) if (older < mine) rmSync(join(dir, `lock.${older}`), { force: true })
      return { release: () => empty(join(dir, `lock.${mine}`)) }
    }
  } catch (error) {
    throw asJournalError(dir, error)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Waits until the lock is free; a process that has been killed may take a moment to be gone. */
export async function waitForLock(dir: string, run: string, command: readonly string[], limitMs: number): Promise<Lock> {
  const end = performance.now() + limitMs
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(2 * retryMs, LAST_RETRY_MS)) {
    try {
      return acquireLock(dir, run, command)
    } catch (error) {
      if (codeOf(error) !== 'SEMANTOS_E_LOCKED' || performance.now() > end) throw error
      await sleep(retryMs)
    }
  }
}

/** The live process that holds the lock, or null. */
export function lockHolder(dir: string): Holder | null {
  return holderOf(dir, Math.max(0, ...numbersIn(dir)))
}

function holderOf(dir: string, number: number): Holder | null {
  const holder = parse(textOf(dir, `lock.${number}`))
  return holder && isAlive(holder) ? holder : null
}

/** A lock that cannot be read was cut short by a crash of the machine: its holder is gone. */
function parse(text: string): Holder | null {
  try {
    const o = new Fields(JSON.parse(text))
    return { pid: o.whole('pid'), started_ticks: o.text('started_ticks'), boot_id: o.text('boot_id'), run: o.text('run'), since: o.text('since'), command: o.text('command') }
  } catch {
    return null
  }
}

function locked(dir: string, { pid, since, run, command }: Holder): SemantosError {
  const message = `process ${pid} has held the lock since ${since}, for ${run === '' ? 'a rollback' : `run ${run}`}: ${command}`
  return new SemantosError('SEMANTOS_E_LOCKED', { message, place: dir })
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function numbersIn(dir: string): number[] {
  try {
    return readdirSync(dir).flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw asUnreadable(dir, error)
  }
}

/** It is gone by now, or a folder: nobody holds the lock by it. */
const NO_TEXT: ReadonlySet<string> = new Set(['ENOENT', 'EISDIR'])

function textOf(dir: string, name: string): string {
  try {
    return readFileSync(join(dir, name), 'utf8')
  } catch (error) {
    if (NO_TEXT.has(codeOf(error))) return ''
    throw asUnreadable(dir, error)
  }
}

function empty(path: string): void {
  try {
    const descriptor = openSync(path, 'r+')
    ftruncateSync(descriptor)
    closeSync(descriptor)
  } catch {
    // The folder has gone, and the lock with it.
  }
}
