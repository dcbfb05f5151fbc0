import { readFileSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'

/** Processor time is told in hundredths of a second on every Linux that Node runs on, proc(5). */
const MS_PER_TICK = 10

/** A process, by how it calls itself, with what it has used of a processor and holds of memory. */
export interface Usage {
  readonly name: string
  readonly cpuMs: number
  readonly memoryMb: number
}

/** The numbers of the processes that one has started itself. None where the kernel does not tell (CONFIG_PROC_CHILDREN). */
export function childrenOf(pid: number): number[] {
  return tasksOf(pid).flatMap((task) => textOf(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number))
}

/** A process, and all that came of it. */
export function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)]
}

/** Null for a process that has ended, or waits to be reaped. */
export function usageOf(pid: number): Usage | null {
  const stat = textOf(`/proc/${pid}/stat`)
  // The command in brackets may hold spaces and brackets itself, so fields are counted from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [ticks, kB] = [Number(fields[11]) + Number(fields[12]), Number(/^VmRSS:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`))?.[1])]
  if (!Number.isFinite(ticks) || !Number.isFinite(kB)) return null
  const [program = ''] = textOf(`/proc/${pid}/cmdline`).split('\0')
  return { name: basename(program), cpuMs: ticks * MS_PER_TICK, memoryMb: (kB * 1024) / 1e6 }
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
