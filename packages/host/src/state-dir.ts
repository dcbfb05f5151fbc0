import { closeSync, fsyncSync, lstatSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { geteuid } from 'node:process'
import { SemantosError } from '@semantos/core'
import { makeFolder } from './make-folder.js'
import { codeOf, reasonOf } from './reader.js'

/** Where journals are kept unless another folder is named. */
export const STATE_DIR = '/var/lib/semantos/journal'

/** The most that one write may add to a journal, with room for the records of its undoing. */
const PROBE_BYTES = 256 * 1024

/**
 * Makes the folder where it is missing, and returns its real path. Refuses one that somebody else could write to or that
 * cannot take a run's journal.
 */
export function prepareStateDir(dir: string): string {
  try {
    if (makeFolder(dir, 0o700)) syncDirectory(dirname(dir))
    const real = realpathSync(dir)
    mustBeSafe(real, 'itself')
    for (let above = dirname(real); above !== dirname(above); above = dirname(above)) mustBeSafe(above, 'above')
    probe(real)
    return real
  } catch (error) {
    throw asJournalError(dir, error)
  }
}

/** Says why a journal cannot be written, in words. */
export function asJournalError(place: string, error: unknown): unknown {
  if (codeOf(error).startsWith('SEMANTOS_')) return error
  const known: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota is used up',
    EROFS: 'the file system is mounted read-only',
    EACCES: 'permission denied',
    ENOENT: 'the folder or the file was removed or replaced, or none can be made there',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EEXIST: 'a part of the path is a file, not a folder',
  }
  const code = codeOf(error)
  const reason = known[code] ? `${known[code]} (${code})` : reasonOf(error)
  return new SemantosError('SEMANTOS_E_JOURNAL_UNWRITABLE', { message: `cannot write the journal in ${place}: ${reason}`, place, cause: error })
}

/** What may not be read is told: without the journals nobody knows what is applied. */
export function asUnreadable(dir: string, error: unknown): unknown {
  if (codeOf(error) !== 'EACCES') return error
  return new SemantosError('SEMANTOS_E_JOURNAL_UNREADABLE', { message: `the journals in ${dir} are another user's`, place: dir, cause: error })
}

/** Makes names in a folder survive a power cut. Some file systems cannot, and say EINVAL. */
export function syncDirectory(dir: string): void {
  const descriptor = openSync(dir, 'r')
  try {
    fsyncSync(descriptor)
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Nobody but this user and root may write there. A folder above may be open to all where its sticky bit keeps others
 * from replacing names, as in /tmp.
 */
function mustBeSafe(dir: string, which: 'itself' | 'above'): void {
  const { mode, uid } = lstatSync(dir)
  const sticky = which === 'above' && (mode & 0o1000) !== 0
  const open = (mode & 0o022) !== 0 && !sticky
  const foreign = uid !== geteuid?.() && !(which === 'above' && uid === 0)
  if (!open && !foreign) return
  const why = foreign ? `${dir} belongs to user ${uid}` : `others may write to ${dir} (mode ${(mode & 0o7777).toString(8)})`
  throw new SemantosError('SEMANTOS_E_JOURNAL_UNSAFE', { message: `the journal is not safe there: ${why}`, place: dir })
}

function probe(dir: string): void {
  const file = join(dir, `.probe-${process.pid}`)
  try {
    writeFileSync(file, Buffer.alloc(PROBE_BYTES), { mode: 0o600, flush: true })
  } finally {
    rmSync(file, { force: true })
  }
}
