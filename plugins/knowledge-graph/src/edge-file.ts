import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Edge, SemantosError, z } from '@semantos/core'
import { makeFolder, waitForLock, writeFileAtomic } from '@semantos/host'

/** Writing takes milliseconds; who holds the lock longer is stuck. */
const PATIENCE_MS = 10_000

/** An edge as a person may write it: only what it says is needed. */
const WrittenEdge = Edge.extend({
  evidence_count: Edge.shape.evidence_count.default(0),
  source: Edge.shape.source.default('edges.json'),
  updated: Edge.shape.updated.default(null),
})

/** The edges of a file; no file is none. */
export function readEdges(path: string): Edge[] {
  const text = textOf(path)
  if (text === null) return []
  const parsed = z.array(WrittenEdge).safeParse(json(path, text))
  if (parsed.success) return parsed.data
  throw invalid(path, z.prettifyError(parsed.error), parsed.error)
}

/** Reads again under the lock, so that what another process has learnt meanwhile is kept. */
export async function updateEdges(path: string, run: string, change: (edges: readonly Edge[]) => readonly Edge[]): Promise<void> {
  const lockFolder = join(dirname(path), '.lock')
  makeFolder(lockFolder)
  const lock = await waitForLock(lockFolder, run, process.argv, PATIENCE_MS)
  try {
    writeFileAtomic(path, `${JSON.stringify(change(readEdges(path)), null, 2)}\n`)
  } finally {
    lock.release()
  }
}

function json(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error), error)
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw invalid(path, error instanceof Error ? error.message : String(error), error)
  }
}

function invalid(path: string, problem: string, cause: unknown): SemantosError {
  return new SemantosError('SEMANTOS_E_DATA_INVALID', {
    message: `${path}: ${problem}`,
    place: path,
    cause,
    next: 'Correct the file, or move it away. It has not been changed.',
  })
}
