import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { messageOf, SemantosError } from '@semantos/core'

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

/**
 * Opens a file that a workload named or could replace, and gives it with its size to `use`. A link is not followed, which could lead to
 * a file of root's, and a pipe, which would be waited for, is refused.
 */
export function withRegularFile<T>(path: string, use: (descriptor: number, size: number) => T): T {
  let descriptor: number | null = null
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) throw refused(path, 'it is no regular file')
    // Another name of a file elsewhere, which this user may read and the workload's may not.
    if (stat.nlink > 1) throw refused(path, 'it has a second name (a hard link)')
    return use(descriptor, stat.size)
  } catch (error) {
    throw error instanceof SemantosError ? error : refused(path, messageOf(error))
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

/** Up to `length` bytes from `from`; fewer where the file ends before. */
export function readPart(descriptor: number, from: number, length: number): Buffer {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const read = readSync(descriptor, buffer, filled, length - filled, from + filled)
    if (read === 0) break
    filled += read
  }
  return buffer.subarray(0, filled)
}

function refused(path: string, why: string): SemantosError {
  return new SemantosError('SEMANTOS_E_WORKLOAD', {
    message: `cannot read the output ${path}: ${why}`,
    place: 'workload, run',
    next: 'Have the run command write a regular file there.',
  })
}
