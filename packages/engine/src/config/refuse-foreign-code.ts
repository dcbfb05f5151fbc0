import { type Stats, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { geteuid } from 'node:process'
import { SemantosError } from '@semantos/core'

/**
 * Root runs no code that another user could have put there: neither the file nor a folder above it may be open to all. A
 * folder with the sticky bit, such as /tmp, may be, where what stands in it on the way to the file is root's.
 */
export function refuseForeignCode(file: string, place: string): void {
  if (geteuid?.() !== 0) return
  let path = realpathSync(file)
  let entry = statSync(path)
  if (isOpen(entry)) throw unsafe(`others may write to ${path}`, file, place)
  while (path !== dirname(path)) {
    path = dirname(path)
    const folder = statSync(path)
    if (isOpen(folder) && !isSticky(folder)) throw unsafe(`others may write to ${path}`, file, place)
    if (isOpen(folder) && entry.uid !== 0) throw unsafe(`others may write to ${path}, and what stands in it belongs to user ${entry.uid}`, file, place)
    entry = folder
  }
}

function isOpen({ mode }: Stats): boolean {
  return (mode & 0o002) !== 0
}

function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0
}

function unsafe(why: string, file: string, place: string): SemantosError {
  return new SemantosError('SEMANTOS_E_PLUGIN_UNSAFE', { message: `root does not run ${file}: ${why}`, place })
}
