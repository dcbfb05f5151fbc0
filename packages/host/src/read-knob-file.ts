import { accessSync, closeSync, constants, fstatSync, readSync } from 'node:fs'
import { geteuid } from 'node:process'
import { codeOf } from './reader.js'
import { openKnobFile } from './safe-path.js'

/** A knob's text is short; what is longer is no value. The kernel gives at most a page of an attribute. */
const buffer = Buffer.allocUnsafe(4096)

/** The text of a knob file without its trailing newline. */
export function readKnobFile(realPath: string): string {
  const descriptor = openKnobFile(realPath, 'read')
  try {
    return textOf(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** With whether root may write it. The kernel refuses a file without write bits to root as well; access(2) knows the rest, a read-only mount included. */
export function readKnobFileAndMode(realPath: string): { text: string; writable: boolean } {
  const descriptor = openKnobFile(realPath, 'read')
  try {
    const writable = (fstatSync(descriptor).mode & 0o222) !== 0 && mayWrite(realPath)
    return { text: textOf(descriptor), writable }
  } finally {
    closeSync(descriptor)
  }
}

/** From where the file stands, its start: many files of debugfs have no offsets to read at (ESPIPE). */
function textOf(descriptor: number): string {
  let length = 0
  while (length < buffer.length) {
    const bytes = readSync(descriptor, buffer, length, buffer.length - length, null)
    if (bytes === 0) break
    length += bytes
  }
  return buffer.toString('latin1', 0, length).replace(/\n$/, '')
}

function mayWrite(realPath: string): boolean {
  try {
    accessSync(realPath, constants.W_OK)
    return true
  } catch (error) {
    // What this user may not, root may: a plan is the same whoever makes it.
    return geteuid?.() !== 0 && codeOf(error) === 'EACCES'
  }
}
