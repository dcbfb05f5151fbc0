import { closeSync, ftruncateSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { type Interface, isSemantosError, messageOf } from '@semantos/core'
import { isRealHost } from './interfaces.js'
import { readKnobFile } from './read-knob-file.js'
import { codeOf, isGone, reasonOf } from './reader.js'
import { isPlainText, mustBeKernelFile, openKnobFile, realKnobPath, refusesPath } from './safe-path.js'

const writeAsync = promisify(write)

/** How long a write may take. The kernel answers in microseconds; what takes this long waits for a device that is stuck. */
export const WRITE_LIMIT_MS = 2000

interface KnobFile {
  readonly interface: Interface
  readonly path: string
}

/** `stuck`: the write has not come back, and may still take effect whenever it does. */
export type Put = { readonly outcome: 'written' } | { readonly outcome: 'refused' | 'gone' | 'stuck'; readonly reason: string }

/** What a kernel file shows now, without its trailing newline. */
export function show(root: string, file: KnobFile): { readonly text: string } | { readonly reason: string; readonly gone: boolean } {
  try {
    return { text: readKnobFile(realKnobPath(root, file.interface, file.path)) }
  } catch (error) {
    return { reason: isSemantosError(error) ? error.message : reasonOf(error), gone: isGone(error) }
  }
}

/** Writes a text and a newline, as `echo` does. This is the only place in SemantOS where a kernel file is opened for writing. */
export async function put(root: string, file: KnobFile, text: string, limitMs = WRITE_LIMIT_MS): Promise<Put> {
  const denial = refusesPath(file.interface, file.path) ?? (isPlainText(text) ? null : 'the text is not one line of plain characters')
  if (denial !== null) return { outcome: 'refused', reason: denial }
  try {
    const realPath = realKnobPath(root, file.interface, file.path)
    mustBeKernelFile(root, file.interface, realPath)
    return await within(limitMs, writeText(realPath, root, `${text}\n`))
  } catch (error) {
    const reason = isSemantosError(error) ? error.message : writeReason(error)
    return { outcome: isGone(error) ? 'gone' : 'refused', reason }
  }
}

/**
 * Only the write itself goes to a thread, because only it may hang: opening a knob file does nothing yet. A plain file under a
 * fake root keeps the rest of a longer text, which must go; a kernel file takes each write as a whole.
 */
async function writeText(realPath: string, root: string, text: string): Promise<void> {
  const descriptor = openKnobFile(realPath, 'write')
  try {
    await writeAsync(descriptor, Buffer.from(text))
    if (!isRealHost(root)) ftruncateSync(descriptor, text.length)
  } finally {
    closeSync(descriptor)
  }
}

/** A write that hangs cannot be ended, only no longer waited for: it holds one thread of the pool until the kernel lets it go. */
function within(limitMs: number, writing: Promise<void>): Promise<Put> {
  return new Promise((resolve, reject) => {
    const reason = `the write has not come back after ${limitMs} ms and may still take effect`
    const timer = setTimeout(() => resolve({ outcome: 'stuck', reason }), limitMs)
    writing.then(() => resolve({ outcome: 'written' }), reject).finally(() => clearTimeout(timer))
  })
}

const WRITE_REASONS: Readonly<Record<string, string>> = {
  EINVAL: 'the kernel does not accept this value (EINVAL)',
  ERANGE: 'the value is out of range (ERANGE)',
  EACCES: 'the kernel does not permit the write (EACCES)',
  EPERM: 'the kernel does not permit the write: lockdown, or a missing capability (EPERM)',
  EROFS: 'it is mounted read-only (EROFS)',
  EBUSY: 'it is in use and cannot be changed now (EBUSY)',
  ENOSPC: 'the kernel has no room for it (ENOSPC)',
}

function writeReason(error: unknown): string {
  const code = codeOf(error)
  return WRITE_REASONS[code] ?? (error instanceof Error && code !== '' ? reasonOf(error) : messageOf(error))
}
