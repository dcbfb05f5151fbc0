import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { journalFile, readJournal } from '../../core/src/host/journal.js'
import { replay } from '../../core/src/host/replay.js'
import type { Knob, KnobValue } from '../../core/src/model/index.js'

const CHILD = fileURLToPath(new URL('apply-child.mjs', import.meta.url))

export interface Applying {
  readonly root: string
  readonly stateDir: string
  readonly run: string
  readonly knobs: readonly Knob[]
  readonly rounds: readonly Readonly<Record<string, KnobValue>>[]
  readonly guard: boolean
  readonly netns?: string
}

export interface Killing {
  /** After the first write; negative: that long after the process was started. */
  readonly afterMs: number
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
  let [guard, ended] = [0, false]
  const begun = new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      guard = Number(/begin (\d+)/.exec(data.toString())?.[1] ?? guard)
      ended ||= data.toString().includes('end')
      resolve()
    })
    child.on('exit', () => resolve())
  })
  if (killing.afterMs >= 0) await begun
  await sleep(Math.abs(killing.afterMs))
  if (killing.guardDies === 'with the run' && guard > 0) process.kill(guard, 'SIGKILL')
  child.kill('SIGKILL')
  await exited
  const wreck = { ...wreckOf(applying), ended }
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
