import type { Engine, EngineRun } from '@semantos/engine'
import { isSemantosError, messageOf, SemantosError } from '@semantos/core'
import { reportError } from './report-error.js'

/** Closes the run, which rolls back what was not committed, and then the engine. Returns how that failed; the run's failure comes first. */
export async function closeAll(engine: Engine, run: EngineRun | null): Promise<SemantosError | null> {
  const failures: SemantosError[] = []
  for (const close of [async () => run?.close(), () => engine.close()]) {
    try {
      await close()
    } catch (error) {
      if (run?.journal && run.journal.stuck.length > 0) endStuck(error)
      failures.push(isSemantosError(error) ? error : new SemantosError('SEMANTOS_E_DISPOSE', { message: messageOf(error), cause: error }))
    }
  }
  const [first = null, second = null] = failures
  return first && second ? withNote(first, second) : first
}

/** How a run failed, with how closing failed after it: neither hides the other. */
export function withClosing(error: unknown, closing: SemantosError | null): unknown {
  if (!closing) return error
  return isSemantosError(error) ? withNote(error, closing) : new AggregateError([error, closing], `${messageOf(error)}; at the end, ${closing.message}`)
}

function withNote({ code, message, place, plugin, hook, cause, next }: SemantosError, later: SemantosError): SemantosError {
  return new SemantosError(code, { message: `${message}; at the end, ${later.message}`, place, plugin, hook, cause, next })
}

/** A write that hangs inside the kernel keeps Node from ending. The watchdog restores the rest once that write has been let go. */
function endStuck(error: unknown): never {
  reportError(error, { json: false })
  process.kill(process.pid, 'SIGKILL')
  throw error
}
