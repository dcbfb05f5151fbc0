import { join } from 'node:path'
import { Trace } from '@semantos/core'
import { makeFolder, waitForLock, writeFileAtomic } from '@semantos/host'
import { readList } from './json-file.js'

/** Adding takes a few milliseconds; who holds the lock longer is stuck. */
const PATIENCE_MS = 10_000

/** experiences.json: a trace for each past run, oldest first. Safe with several processes on one machine. */
export class Experiences {
  readonly path: string

  constructor(
    readonly folder: string,
    readonly keep: number,
  ) {
    this.path = join(folder, 'experiences.json')
  }

  read(): Trace[] {
    return readList(this.path, Trace)
  }

  /** Reads again under the lock, so that what others have added meanwhile is kept. A trace with the same id is replaced. */
  async add(traces: readonly Trace[]): Promise<void> {
    const [first] = traces
    if (!first) return
    const lockFolder = join(this.folder, '.lock')
    makeFolder(lockFolder)
    const lock = await waitForLock(lockFolder, first.id, process.argv, PATIENCE_MS)
    try {
      const added = new Set(traces.map(({ id }) => id))
      const others = this.read().filter(({ id }) => !added.has(id))
      const newest = [...others, ...traces].sort(oldestFirst).slice(-this.keep)
      writeFileAtomic(this.path, `${JSON.stringify(newest, null, 2)}\n`)
    } finally {
      lock.release()
    }
  }
}

function oldestFirst(a: Trace, b: Trace): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1
  return a.id < b.id ? -1 : 1
}
