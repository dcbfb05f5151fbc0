import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf, SemantosError, z } from '@semantos/core'
import { makeFolder, waitForLock, writeFileAtomic } from '@semantos/host'
import type { SweepReport } from './report.js'

const PATIENCE_MS = 10_000

/** Only what is looked at: whatever else a person wrote stays as it is. */
const Written = z.array(z.looseObject({ from: z.string(), to: z.string(), source: z.string().optional() }))

/**
 * Adds a sweep's edges to a file of edges, and removes what earlier sweeps said of the pairs that this one measured. Other edges stay.
 */
export async function addEdges(path: string, { run, pairs, edges }: SweepReport): Promise<void> {
  const measured = new Set([...pairs.map(({ settings: [a, b] }) => key(a.knob, b.knob)), ...edges.map(({ from, to }) => key(from, to))])
  const lockFolder = join(dirname(path), '.lock')
  makeFolder(lockFolder)
  const lock = await waitForLock(lockFolder, run, process.argv, PATIENCE_MS)
  try {
    const kept = read(path).filter(({ from, to, source }) => !(source?.startsWith('sweep ') && measured.has(key(from, to))))
    writeFileAtomic(path, `${JSON.stringify([...kept, ...edges], null, 2)}\n`)
  } finally {
    lock.release()
  }
}

function key(a: string, b: string): string {
  return [a, b].sort().join(' ')
}

function read(path: string): z.infer<typeof Written> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw invalid(path, error)
  }
  try {
    return Written.parse(JSON.parse(text))
  } catch (error) {
    throw invalid(path, error)
  }
}

function invalid(path: string, error: unknown): SemantosError {
  const problem = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error)
  return new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `${path}: ${problem}`, place: path, cause: error, next: 'Correct the file, or move it away. It has not been changed.' })
}
