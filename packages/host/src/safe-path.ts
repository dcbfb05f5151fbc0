import { closeSync, constants, fstatSync, openSync, realpathSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { type Interface, SemantosError } from '@semantos/core'
import { whyDenied } from './deny-list.js'
import { INTERFACES, isRealHost } from './interfaces.js'

const PLAIN_PATH = /^(?:(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.:@-]+(?:\/(?!$)|$))+$/

/** True for a path of plain segments: no `.`, `..`, empty segment, `*`, control character or look-alike letter. */
export function isPlainPath(path: string): boolean {
  return PLAIN_PATH.test(path)
}

/** Why this path may never be written, or null. Decided from the name alone, before anything is opened. */
export function refusesPath(kind: Interface, path: string): string | null {
  if (!isPlainPath(path)) return 'its path is not made of plain names'
  return whyDenied(kind, path)
}

/** True where a value can be written as one line: nothing in it ends a line or the text. */
export function isPlainText(text: string): boolean {
  return /^[\x20-\x7e\t]{1,4095}$/.test(text)
}

/** The real path of a knob file; its folder must stay inside the interface's own under the root. Throws what the system throws. */
export function realKnobPath(root: string, kind: Interface, path: string): string {
  if (!isPlainPath(path)) throw refused(kind, path, 'its path is not made of plain names')
  const slash = path.lastIndexOf('/')
  const top = topOf(root, kind)
  const folder = realpathSync.native(join(top, path.slice(0, Math.max(slash, 0))))
  if (folder !== top && !folder.startsWith(`${top}/`)) throw refused(kind, path, `its folder is a link to ${folder}, outside ${top}`)
  return join(folder, path.slice(slash + 1))
}

/** Kept, because it is asked for all the time. Should it come to lead elsewhere, folders below it are outside of what is kept here. */
function topOf(root: string, kind: Interface): string {
  const folder = join(root, INTERFACES[kind].folder)
  const known = TOPS.get(folder)
  if (known !== undefined) return known
  const real = realpathSync.native(folder)
  TOPS.set(folder, real)
  return real
}

const TOPS = new Map<string, string>()

/** Opens a knob file: the last segment may not be a link, nothing is made or emptied, and a pipe or device is refused. */
export function openKnobFile(realPath: string, access: 'read' | 'write'): number {
  const mode = access === 'read' ? constants.O_RDONLY : constants.O_WRONLY
  const descriptor = openSync(realPath, mode | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  if (fstatSync(descriptor).isFile()) return descriptor
  closeSync(descriptor)
  throw new SemantosError('SEMANTOS_E_PATH_REFUSED', { message: `${realPath} is not a regular file` })
}

/** On a real host the file must be on the kernel's own file system: a folder mounted or bound over it is refused. */
export function mustBeKernelFile(root: string, kind: Interface, realPath: string): void {
  if (!isRealHost(root) || statfsSync(realPath).type === INTERFACES[kind].magic) return
  throw refused(kind, realPath, `it is not on the ${kind === 'sysctl' ? 'proc' : kind} file system`)
}

function refused(kind: Interface, path: string, why: string): SemantosError {
  return new SemantosError('SEMANTOS_E_PATH_REFUSED', { message: `${kind} file ${JSON.stringify(path)} is refused: ${why}` })
}
