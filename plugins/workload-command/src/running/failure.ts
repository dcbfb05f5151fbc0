import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { redactText, redactWords, SemantosError } from '@semantos/core'
import type { Command } from '../options.js'
import { quoted } from '../reading/misfit.js'

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
  const descriptor = openSync(path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES))
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8').split('\n').findLast((line) => line.trim() !== '') ?? null
  } finally {
    closeSync(descriptor)
  }
}
