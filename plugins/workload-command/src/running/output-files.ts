import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SemantosError } from '@semantos/core'
import type { Output, OutputFile } from '../reading/output.js'
import type { Finished } from './processes.js'
import { readPart, withRegularFile } from './regular-file.js'

const LARGEST_BYTES = 256 * 1024 * 1024

/** What a run left behind: its two streams, and the files in the trial's folder. */
export function outputOf({ stdout, stderr, seconds }: Finished, folder: string, reads: string, signal: AbortSignal): Output {
  const files = (pattern: string) => matching(folder, pattern)
  const text = reads === 'stdout' ? read(stdout) : reads === 'stderr' ? read(stderr) : files(reads).map((file) => file.text).join('')
  return { text, seconds, files, signal }
}

/** The files of a folder by name; `*` stands for any characters. */
function matching(folder: string, pattern: string): readonly OutputFile[] {
  const expression = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)
  const names = readdirSync(folder).filter((name) => expression.test(name)).sort()
  if (names.length > 0) return names.map((name) => ({ name, text: read(join(folder, name)) }))
  throw new SemantosError('SEMANTOS_E_WORKLOAD', {
    message: `the run command wrote no file ${pattern} into the trial's folder`,
    place: 'workload, run',
    next: `Have it write "$SEMANTOS_TRIAL_DIR/${pattern}".`,
  })
}

function read(path: string): string {
  return withRegularFile(path, (descriptor, size) => {
    if (size > LARGEST_BYTES) throw tooLarge(path, size)
    return readPart(descriptor, 0, size).toString('utf8')
  })
}

function tooLarge(path: string, size: number): SemantosError {
  return new SemantosError('SEMANTOS_E_WORKLOAD', {
    message: `the run command wrote ${size} bytes to ${path}, more than ${LARGEST_BYTES}`,
    place: 'workload, run',
    next: 'Shorten the trial, or print percentiles instead of raw latencies.',
  })
}
