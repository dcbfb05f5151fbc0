import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder and what is missing above it; true where it was missing. Throws the system's error (`code`: EACCES, ENOTDIR, …).
 * Node's own recursive mkdir never returns where a file system refuses a name with ENOENT, as /proc does.
 */
export function makeFolder(path: string, mode = 0o777): boolean {
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
