import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

let made = 0

/**
 * A cgroup for processes that are to end together, such as those of a trial: what is started in it cannot leave it without root, whatever it closes, forks or calls itself.
 * Null where this user can make none; then processes are known by the files that they hold open.
 */
export class ProcessCgroup {
  private constructor(
    readonly folder: string,
    readonly kind: 'v2' | 'freezer',
  ) {}

  static make(): ProcessCgroup | null {
    const name = `semantos-${process.pid}-${++made}`
    for (const kind of ['v2', 'freezer'] as const) {
      const own = ownGroup(kind)
      if (own === null) continue
      const group = new ProcessCgroup(join(own, name), kind)
      try {
        mkdirSync(group.folder)
        return group
      } catch {
        // Not delegated to this user, or mounted read-only.
      }
    }
    return null
  }

  /** Moves a process here, which has forked nothing yet. False where the kernel refuses. */
  add(pid: number): boolean {
    return this.#write('cgroup.procs', String(pid))
  }

  get members(): number[] {
    try {
      return readFileSync(join(this.folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
    } catch {
      return []
    }
  }

  /** Kills all at once: one that forks while it is killed leaves nothing behind. Before Linux 5.14 they are stopped first. */
  kill(): void {
    if (this.kind === 'v2' && this.#write('cgroup.kill', '1')) return
    const [file, stopped, going] = this.kind === 'v2' ? ['cgroup.freeze', '1', '0'] : ['freezer.state', 'FROZEN', 'THAWED']
    this.#write(file, stopped)
    for (const pid of this.members) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }
    this.#write(file, going)
  }

  /** Of no harm where processes are left in it. */
  remove(): void {
    try {
      rmdirSync(this.folder)
    } catch {
      // The kernel keeps a group with processes in it.
    }
  }

  #write(file: string, text: string): boolean {
    try {
      writeFileSync(join(this.folder, file), text, { flag: 'r+' })
      return true
    } catch {
      return false
    }
  }
}

/** The folder of the group in which this process is, or null where there is none. */
function ownGroup(kind: 'v2' | 'freezer'): string | null {
  try {
    const controllers = kind === 'v2' ? '' : 'freezer'
    const line = readFileSync('/proc/self/cgroup', 'utf8').split('\n').map((one) => one.split(':')).find(([, names = '-']) => names.split(',').includes(controllers))
    const mount = readFileSync('/proc/self/mounts', 'utf8').split('\n').map((one) => one.split(' ')).find(([, , type, flags = '']) => (kind === 'v2' ? type === 'cgroup2' : type === 'cgroup' && flags.split(',').includes('freezer')))
    return line === undefined || mount?.[1] === undefined ? null : join(mount[1], line.slice(2).join(':'))
  } catch {
    return null
  }
}
