import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { journalFile, readJournal, replay } from '@semantos/host'
import type { Knob, KnobValue } from '@semantos/core'

/** What the child says: before the first write, with the number of its guard, and after the last one. */
const [BEGIN, END] = [/^begin (\d+)\n/, /^end\n/m]
const CHILD = fileURLToPath(new URL('apply-child.mjs', import.meta.url))

export interface Applying {
  readonly root: string
  readonly stateDir: string
  readonly run: string
  readonly knobs: readonly Knob[]
  readonly rounds: readonly Readonly<Record<string, KnobValue>>[]
  /** How long it writes at least: on a fast machine the rounds are written again and again. */
  readonly writesMs: number
  readonly guard: boolean
  readonly netns?: string
}

export interface Killing {
  /** So many ms after it has begun to write; negative: that long after the process was started. */
  readonly after: number | 'the last write'
  /** `with the run`: both at once. `at work`: some time after the run, while it restores. */
  readonly guardDies: 'no' | 'with the run' | 'at work'
  readonly guardAfterMs: number
}

/** What the kill left behind, before anybody restored: how far the run had come. */
export interface Wreck {
  readonly written: number
  /** Announced in the journal, and not read back any more. */
  readonly inFlight: number
  /** All of it was written by then. */
  readonly ended: boolean
}

/** Starts an apply in a process of its own and kills it, and as asked its guard. */
export async function killWhileApplying(applying: Applying, killing: Killing, prefix: readonly string[] = []): Promise<Wreck> {
  const command = [CHILD, JSON.stringify(applying)]
  const [program = process.execPath, ...before] = prefix.length > 0 ? [...prefix, process.execPath] : []
  const child = spawn(program, [...before, ...command], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let said = ''
  const says = (line: RegExp) => new Promise<void>((resolve) => {
    child.stdout.on('data', () => void (line.test(said) && resolve()))
    child.on('exit', () => resolve())
  })
  child.stdout.on('data', (data: Buffer) => (said += data.toString()))
  const [begun, done] = [says(BEGIN), says(END)]
  if (killing.after === 'the last write') await done
  else {
    if (killing.after >= 0) await begun
    await sleep(Math.abs(killing.after))
  }
  const guard = Number(BEGIN.exec(said)?.[1] ?? 0)
  if (killing.guardDies === 'with the run' && guard > 0) process.kill(guard, 'SIGKILL')
  child.kill('SIGKILL')
  await exited
  const wreck = { ...wreckOf(applying), ended: END.test(said) }
  if (killing.guardDies === 'at work' && guard > 0) {
    await sleep(killing.guardAfterMs)
    killGroup(guard)
  }
  return wreck
}

/** The guard and what it has started. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It had done its work and gone.
  }
}

function wreckOf({ stateDir, run }: Applying): Omit<Wreck, 'ended'> {
  const file = journalFile(stateDir, run)
  const journal = existsSync(file) ? readJournal(file) : null
  const open = journal ? replay(journal.records).open : []
  return { written: open.length, inFlight: open.filter(({ stored }) => stored === null).length }
}

/** True once nothing of the run is left to be taken back. */
export function isSettled({ stateDir, run }: Applying): boolean {
  const file = journalFile(stateDir, run)
  const journal = existsSync(file) ? readJournal(file) : null
  return journal === null || replay(journal.records).open.length === 0
}

export async function until(done: () => boolean, limitMs: number): Promise<boolean> {
  for (const end = performance.now() + limitMs; performance.now() < end; ) {
    if (done()) return true
    await sleep(10)
  }
  return done()
}
