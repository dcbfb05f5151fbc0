import type { Run } from '@semantos/host'
import { isSemantosError, messageOf, SemantosError } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'
import { reportError } from './report-error.js'

/** Closes the kernel, and with it the host and its journal. Returns how that failed. */
export async function closeAll(kernel: Kernel, journal: Run | null): Promise<SemantosError | null> {
  try {
    await kernel.dispose()
    return null
  } catch (error) {
    if (journal && journal.stuck.length > 0) endStuck(error)
    return isSemantosError(error) ? error : new SemantosError('SEMANTOS_E_DISPOSE', { message: messageOf(error), cause: error })
  }
}

/** How a run failed, with how closing failed after it: neither hides the other. */
export function withClosing(error: unknown, closing: SemantosError | null): unknown {
  if (!closing) return error
  if (!isSemantosError(error)) return new AggregateError([error, closing], `${messageOf(error)}; at the end, ${closing.message}`)
  const { code, message, place, plugin, hook, cause, next } = error
  return new SemantosError(code, { message: `${message}; at the end, ${closing.message}`, place, plugin, hook, cause, next })
}

/** A write that hangs inside the kernel keeps Node from ending. The guard restores the rest once that write has been let go. */
function endStuck(error: unknown): never {
  reportError(error, { json: false })
  process.kill(process.pid, 'SIGKILL')
  throw error
}
