import { closeSync, constants, openSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { messageOf, SemantosError } from '@semantos/core'
import { refuseLinksOfOthers } from '@semantos/host'
import { tell } from './print.js'
import { reportError } from './report-error.js'
import { Spans } from './spans.js'
import { chromeEvents } from './trace-events.js'
import { traceTree } from './trace-tree.js'

const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants

/** What of the command line asks for a trace. */
export interface TraceOptions {
  readonly trace?: boolean
  readonly traceJson?: string
  /** How failures are told. */
  readonly json?: boolean
}

/**
 * `--trace` and `--trace-json`, from before the first plugin is set up until after the last is closed, however that ends. A file that cannot
 * be written is refused at the start; where writing to it fails at the end, that is told and does not become the end of the run.
 */
export function startTrace(options: TraceOptions): Disposable | null {
  const { trace = false, traceJson, json = false } = options
  if (!trace && traceJson === undefined) return null
  const file = traceJson === undefined ? null : open(resolve(traceJson))
  const spans = new Spans()
  return {
    [Symbol.dispose]() {
      spans[Symbol.dispose]()
      if (trace) tell(traceTree(spans.list))
      if (!file) return
      try {
        writeFileSync(file.descriptor, JSON.stringify(chromeEvents(spans.list)))
        closeSync(file.descriptor)
      } catch (error) {
        reportError(cannotWrite(file.path, error), { json })
      }
    },
  }
}

function open(path: string): { readonly path: string; readonly descriptor: number } {
  try {
    refuseLinksOfOthers(dirname(path))
    // A link in its place is not followed, and a pipe without a reader is an error instead of a wait.
    return { path, descriptor: openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0o600) }
  } catch (error) {
    throw cannotWrite(path, error)
  }
}

function cannotWrite(path: string, error: unknown): SemantosError {
  return new SemantosError('SEMANTOS_E_WRITE_FAILED', {
    message: `cannot write the trace: ${messageOf(error)}`,
    place: `--trace-json ${path}`,
    cause: error,
    next: 'Name a file in a folder that is there and that this user may write to, on a disk with space.',
  })
}
