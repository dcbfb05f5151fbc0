import { childrenOf, familyOf, type Usage, usageOf } from '@semantos/host'

/** What was used by the processes that SemantOS itself started, while one trial ran. */
interface Used {
  readonly names: readonly string[]
  readonly cpuMs: number
  readonly memoryMb: number
}

/**
 * The processes that SemantOS starts beside itself: those that are there before the first trial, such as the guard, and those that come while a
 * trial's counters are begun, such as tracers, each with what it starts. Everything else below this process is the workload's.
 */
export class Beside {
  #standing: ReadonlySet<number> | null = null
  #before: readonly number[] = []
  #counted: ReadonlyMap<number, Usage> = new Map()

  /** Before the counters of a trial are begun. */
  begin(): void {
    this.#before = childrenOf(process.pid)
    this.#standing ??= new Set(this.#before)
  }

  /** When they have begun, and the workload has not. */
  begun(): void {
    const standing = this.#standing
    const counted = childrenOf(process.pid).flatMap((child) => {
      const isNew = !this.#before.includes(child)
      if (!isNew && standing?.has(child) !== true) return []
      // What one that has just come has used went into this trial.
      return familyOf(child).flatMap((pid) => {
        const usage = usageOf(pid)
        return usage === null ? [] : [[pid, isNew ? { ...usage, cpuMs: 0 } : usage] as const]
      })
    })
    this.#counted = new Map(counted)
  }

  /** Before the counters end, and their processes with them. */
  used(): Used {
    const pairs = [...this.#counted].map(([pid, then]) => ({ then, now: usageOf(pid) ?? then }))
    return {
      names: pairs.map(({ now }) => now.name),
      cpuMs: pairs.reduce((sum, { then, now }) => sum + now.cpuMs - then.cpuMs, 0),
      memoryMb: pairs.reduce((sum, { now }) => sum + now.memoryMb, 0),
    }
  }
}
