import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, closeSync, fchownSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HostReader, messageOf, SemantosError } from '@semantos/core'
import { ProcessCgroup } from '@semantos/host'
import type { Command } from '../options.js'
import { failedStep } from './failure.js'
import { environmentOf, type User } from './user.js'

const POLL_MS = 20
/** At once, but for one that waits for a disk or a machine where nobody gets his turn. */
const KILLED_WITHIN_MS = 10_000
/** Every process holds the folder of its trial open under this number; its children too, in whatever session. */
const MARK = 3
/** What a shell ends with where there is no such program. */
const NOT_FOUND = 127

/** What every command is started with. */
export interface Surroundings {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** What of it the config says: all that another user gets. */
  readonly own: NodeJS.ProcessEnv
  readonly host: HostReader
}

export interface RunLimits {
  readonly user?: User | null
  /** Off for what may leave a service behind. */
  readonly contained?: boolean
  readonly limitMs: number
  readonly signal: AbortSignal
}

/** How a command ended. */
export interface Ending {
  readonly ok: boolean
  readonly how: string
}

/** A command that was started, with the files that hold what it prints. */
export interface Running {
  readonly stdout: string
  readonly stderr: string
  readonly ended: Promise<Ending>
  /** Null while it runs. */
  ending: Ending | null
  /** Ends it and what it started in its own session. */
  kill(this: void): void
}

/** A command that ended well. */
export interface Finished extends Running {
  readonly seconds: number
}

/**
 * Commands that belong together, and everything they leave behind: each is the leader of a session of its own, and all are
 * ended together. Output goes to files, so that nobody waits for a reader and a background process keeps no pipe open.
 */
export class Processes {
  /** Of this user alone, so that no other can put a link or a pipe in the place of an output. */
  readonly #base = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-')))
  /** What the commands may write into. */
  readonly folder = join(this.#base, 'trial')
  readonly #temporary = join(this.#base, 'tmp')
  #cgroup: ProcessCgroup | null = null
  /** By number, what ran before there was anything of ours: never looked at again. */
  readonly #others: ReadonlySet<string>
  readonly #running = new Set<Running>()
  readonly #groups = new Set<number>()

  constructor(
    readonly surroundings: Surroundings,
    user: User | null = null,
  ) {
    this.#others = new Set(surroundings.host.list('/proc'))
    for (const folder of [this.folder, this.#temporary]) {
      mkdirSync(folder, 0o700)
      if (user) chownSync(folder, user.uid, user.gid)
    }
    if (user) chmodSync(this.#base, 0o711)
  }

  /** Throws where a command cannot even be tried; one that does not exist ends at once. */
  start(step: string, command: Command, user: User | null = null, contained = true): Running {
    const { cwd } = this.surroundings
    const env = user === null ? this.surroundings.env : { ...environmentOf(user, this.#temporary), ...this.surroundings.own }
    if (contained) this.#cgroup ??= ProcessCgroup.make()
    const cgroup = contained ? this.#cgroup : null
    const [file, ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command
    const [stdout, stderr] = [join(this.#base, `${step}.stdout`), join(this.#base, `${step}.stderr`)]
    const descriptors = [openSync(stdout, 'wx'), openSync(stderr, 'wx'), openSync(this.folder, 'r')]
    try {
      // What opens /dev/stdout anew needs to own it.
      if (user) for (const descriptor of descriptors.slice(0, 2)) fchownSync(descriptor, user.uid, user.gid)
      const as = user === null ? {} : { uid: user.uid, gid: user.gid }
      const options = { cwd, env: { ...env, SEMANTOS_TRIAL_DIR: this.folder }, detached: true, ...as }
      const child = cgroup === null ? spawn(file ?? '', args, { ...options, stdio: ['ignore', ...descriptors] }) : spawn('/bin/sh', ['-c', IN_CGROUP, 'sh', file ?? '', ...args], { ...options, stdio: ['ignore', ...descriptors, 'pipe'] })
      if (cgroup !== null) letGo(child, cgroup)
      const ended = this.#ending(child, cgroup !== null && typeof command !== 'string').then((ending) => (running.ending = ending))
      const running: Running = { stdout, stderr, ended, ending: null, kill: () => void (child.pid !== undefined && send(-child.pid, 'SIGKILL')) }
      this.#running.add(running)
      return running
    } catch (error) {
      throw failedStep(step, command, `could not be started: ${messageOf(error)}`, [])
    } finally {
      for (const descriptor of descriptors) closeSync(descriptor)
    }
  }

  /** Runs a command to its end. Throws when it fails, and kills it when it takes longer than `limitMs` or `signal` aborts. */
  async run(step: string, command: Command, { user = null, contained = true, limitMs, signal }: RunLimits): Promise<Finished> {
    signal.throwIfAborted()
    const from = performance.now()
    const running = this.start(step, command, user, contained)
    const ending = await within(running.ended, limitMs, signal)
    const seconds = (performance.now() - from) / 1000
    if (ending === null) running.kill()
    signal.throwIfAborted()
    const printed = [running.stderr, running.stdout]
    if (ending === null) throw failedStep(step, command, `had not ended after ${limitMs / 1000} s`, printed, 'Give it more time with time_limit_s, or less to do.')
    if (!ending.ok) throw failedStep(step, command, ending.how, printed)
    return { ...running, seconds }
  }

  /** Ends every process that is left: told to terminate, and killed when it has not within `graceMs`. */
  async end(graceMs: number): Promise<void> {
    this.#signal('SIGTERM')
    await this.#gone(graceMs, () => undefined)
    this.#signal('SIGKILL')
    if (await this.#gone(KILLED_WITHIN_MS, () => this.#signal('SIGKILL'))) return
    throw new SemantosError('SEMANTOS_E_WORKLOAD', {
      message: `processes of the workload cannot be ended: ${this.#left().join(', ')}`,
      next: 'See what they wait for (state D in ps), then run again.',
    })
  }

  /** Removes the folder with everything in it. */
  remove(): void {
    rmSync(this.#base, { recursive: true, force: true })
    this.#cgroup?.remove()
  }

  async #ending(child: ChildProcess, words: boolean): Promise<Ending> {
    const { pid } = child
    if (pid !== undefined) this.#groups.add(pid)
    const ending = await new Promise<Ending>((resolve) => {
      child.once('error', (error) => resolve({ ok: false, how: `could not be started: ${error.message}` }))
      child.once('exit', (code, signal) => resolve({ ok: code === 0, how: code === NOT_FOUND && words ? 'could not be started (status 127)' : signal === null ? `ended with status ${String(code)}` : `was ended by ${signal}` }))
    })
    // A group that is empty is forgotten: its number may come to belong to somebody else.
    if (pid !== undefined && !send(-pid, 0)) this.#groups.delete(pid)
    return ending
  }

  /** True when nobody is left, which is looked at for `ms`; `meanwhile` is done between looks. */
  async #gone(ms: number, meanwhile: () => void): Promise<boolean> {
    const until = performance.now() + ms
    while ([...this.#running].some(({ ending }) => ending === null) || this.#left().length > 0) {
      if (performance.now() > until) return false
      await sleep(POLL_MS)
      meanwhile()
    }
    return true
  }

  /** To each process once: some take a second SIGTERM for an order to hurry. */
  #signal(signal: NodeJS.Signals): void {
    const left = this.#left()
    for (const pid of left) send(pid, signal)
    if (signal === 'SIGKILL') this.#cgroup?.kill()
    if (left.length === 0 || signal === 'SIGKILL') for (const group of this.#groups) send(-group, signal)
  }

  /** Processes that still hold the mark, or still print into the folder. A zombie holds nothing any more. */
  #left(): number[] {
    const { host } = this.surroundings
    const file = (pid: string, number: number) => host.link(`/proc/${pid}/fd/${number}`)
    const isOurs = (pid: string) => file(pid, MARK) === this.folder || [1, 2].some((number) => file(pid, number)?.startsWith(`${this.#base}/`))
    const marked = host.list('/proc').filter((name) => /^\d+$/.test(name) && !this.#others.has(name) && isOurs(name)).map(Number)
    return [...new Set([...marked, ...(this.#cgroup?.members ?? [])])]
  }
}

/** Waits until it is in its cgroup, so that nothing is forked outside, and becomes the command. */
const IN_CGROUP = 'read -r _ <&4; exec "$@" 4<&-'

function letGo(child: ChildProcess, cgroup: ProcessCgroup): void {
  const gate = child.stdio[4]
  if (child.pid !== undefined) cgroup.add(child.pid)
  if (!gate || !('end' in gate)) return
  // One that has ended before it was let go closes the other end.
  gate.on('error', () => undefined)
  gate.end('\n')
}

/** Null when the time was up or `signal` aborted. */
async function within<T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T | null> {
  const over = new AbortController()
  const stopped = sleep(ms, null, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => null)
  try {
    return await Promise.race([work, stopped])
  } finally {
    over.abort()
  }
}

/** False where nobody is there to be signalled. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
