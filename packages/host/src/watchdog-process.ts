import { type ChildProcess, type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { messageOf, SemantosError } from '@semantos/core'
import { type RollbackOptions, type RollbackRow, decodeRows } from './rollback-row.js'
import type { GuardTask, SettleTask } from './watchdog-task.js'
import { identityOf, isProcess } from './processes.js'
import type { GuardRecord } from './records.js'
import { STATE_DIR } from './state-dir.js'

/**
 * The guard while it waits: a shell of one megabyte that sleeps in read(2) until the pipe from the run closes, however the run
 * ends. Only then is `"$@"` started, which is watchdog-main.js; it prints how long to wait for a confirmation, or nothing when all is
 * settled. The guard asks not to be killed when memory runs out, proc_pid_oom_score_adj(5); only root may.
 */
const SCRIPT = `
trap '' HUP INT TERM
echo -1000 > /proc/self/oom_score_adj
echo ready
read -r _
failures=0
while [ "$failures" -lt 10 ]; do
  if seconds=$("$@"); then
    [ -n "$seconds" ] || exit 0
    failures=0
    trap - TERM
    sleep "$seconds"
  else
    failures=$((failures + 1))
    sleep 5
  fi
done`

const READY_LIMIT_MS = 10_000

/** The process that outlives a run. It learns of the run's end from a pipe that closes with it, however it ends. */
export class Guard {
  private constructor(readonly child: ChildProcessByStdio<Writable, Readable, null>, readonly record: GuardRecord) {}

  /** Starts the guard and waits until it watches. */
  static async start(task: SettleTask): Promise<Guard> {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'semantos-guard', process.execPath, ...argumentsFor(task)], {
      argv0: 'semantos-guard',
      // A session of its own: a closing terminal ends the run, not the guard.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      cwd: '/',
      // Nothing of the caller's environment may make a root process load code.
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })
    await ready(child)
    const { pid, started_ticks } = identityOf(child.pid ?? 0)
    child.unref()
    child.stdout.destroy()
    return new Guard(child, { type: 'guard', pid, started_ticks, time: new Date().toISOString() })
  }

  get alive(): boolean {
    return isProcess(this.record)
  }

  /** Says that the run has ended, as its death would. */
  release(): void {
    this.child.stdin.destroy()
  }
}

/** Restores a run's values from inside its network namespace, in a process that nsenter(1) puts there. */
export async function restoreInside(namespace: string, options: RollbackOptions & { readonly run: string }): Promise<RollbackRow[]> {
  const { stateDir = STATE_DIR, run, knob = null, dryRun = false, force = false, by = 'rollback' } = options
  const task: GuardTask = { task: 'restore', stateDir, run, knob, dryRun, force, by }
  try {
    const { stdout } = await promisify(execFile)('nsenter', [`--net=${namespace}`, '--', process.execPath, ...argumentsFor(task)])
    return decodeRows(JSON.parse(stdout))
  } catch (error) {
    throw new SemantosError('SEMANTOS_E_NETNS', { message: `could not restore inside the network namespace ${namespace}: ${messageOf(error)}`, cause: error })
  }
}

function argumentsFor(task: GuardTask): string[] {
  return [guardFile(), JSON.stringify(task)]
}

/** dist/watchdog-main.js of this package, from wherever in it this code was bundled to. */
export function guardFile(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'dist', 'watchdog-main.js')
    if (existsSync(join(folder, 'package.json')) && existsSync(file)) return file
    if (folder === dirname(folder)) throw new SemantosError('SEMANTOS_E_GUARD', { message: 'watchdog-main.js is not where its package should have it' })
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (why: string) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new SemantosError('SEMANTOS_E_GUARD', { message: `the guard process ${why}` }))
    }
    const timer = setTimeout(() => failed(`did not answer within ${READY_LIMIT_MS} ms`), READY_LIMIT_MS)
    child.once('error', (error) => failed(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => failed(`ended at once, with ${signal ?? `status ${code}`}`))
    child.stdout?.once('data', () => {
      clearTimeout(timer)
      child.removeAllListeners()
      resolve()
    })
  })
}
