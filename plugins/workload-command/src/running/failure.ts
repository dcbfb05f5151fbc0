import { redactText, redactWords, SemantosError } from '@semantos/core'
import type { Command } from '../options.js'
import { quoted } from '../reading/misfit.js'
import { readPart, withRegularFile } from './regular-file.js'

const TAIL_BYTES = 4096

/** A step of a trial that went wrong: which command, how, and the last line that it printed. */
export function failedStep(step: string, command: Command, how: string, printed: readonly string[], next = 'Try the command by hand, then run again.'): SemantosError {
  const last = printed.map(lastLine).find((line) => line !== null) ?? null
  return new SemantosError('SEMANTOS_E_WORKLOAD', {
    message: `${step}: ${quoted(typeof command === 'string' ? redactText(command) : redactWords(command).join(' '))} ${how}${last === null ? '' : `; it said last: ${quoted(redactText(last))}`}`,
    place: `workload, ${step}`,
    next,
  })
}

/** The last line of a file that is not blank, or null. */
function lastLine(path: string): string | null {
  try {
    const tail = withRegularFile(path, (descriptor, size) => readPart(descriptor, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES)))
    return tail.toString('utf8').split('\n').findLast((line) => line.trim() !== '') ?? null
  } catch {
    // How the step failed matters more than that its output was replaced.
    return null
  }
}
