import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { geteuid } from 'node:process'

/** Its files and folders are its own. */
export function isRoot(): boolean {
  return geteuid?.() === 0
}

/**
 * Makes a folder and what is missing above it; true where it was missing. Throws the system's error (`code`: EACCES, ENOTDIR, …).
 * What root makes is for root alone, unless `mode` says otherwise: reports, knowledge and plans tell much about a host.
 * Node's own recursive mkdir never returns where a file system refuses a name with ENOENT, as /proc does.
 */
export function makeFolder(path: string, mode = isRoot() ? 0o700 : 0o777): boolean {
  const above = dirname(resolve(path))
  if (!existsSync(above)) makeFolder(above, mode)
  try {
    mkdirSync(path, mode)
    return true
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false
    throw error
  }
}
