import { readFileSync } from 'node:fs'

/** A process, told apart from a later one that was given the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in clock ticks since boot: field 22 of /proc/PID/stat, proc(5). Empty where there is no /proc. */
  readonly started_ticks: string
  readonly boot_id: string
}

export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid)
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, started_ticks: statOf(pid)?.startedTicks ?? '', boot_id: bootIdUnder('') }
}

/** Is that very process there, in this boot? */
export function isAlive(identity: ProcessIdentity): boolean {
  return identity.boot_id === bootIdUnder('') && isProcess(identity)
}

/** A process that is only waiting to be reaped (state Z or X) is dead: it runs nothing and holds no file open. */
export function isProcess({ pid, started_ticks }: Omit<ProcessIdentity, 'boot_id'>): boolean {
  const stat = statOf(pid)
  return stat !== null && stat.startedTicks === started_ticks && stat.state !== 'Z' && stat.state !== 'X'
}

/** Tells boots apart: runtime values die with their boot. Empty where the root has no such file. */
export function bootIdUnder(root: string): string {
  return textOrEmpty(`${root === '/' ? '' : root}/proc/sys/kernel/random/boot_id`).trim()
}

function statOf(pid: number): { state: string; startedTicks: string } | null {
  // The command in brackets may hold spaces and brackets itself, so fields are counted from the last one.
  const stat = textOrEmpty(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startedTicks] = [fields[0], fields[19]]
  return state && startedTicks ? { state, startedTicks } : null
}

function textOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
