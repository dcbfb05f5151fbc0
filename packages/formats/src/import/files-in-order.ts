import { join } from 'node:path/posix'
import type { Files } from './imported.js'

/**
 * The files of several folders in the order in which systemd reads them: by their names, whatever the folder. A file hides those
 * of the same name in the folders behind it.
 */
export function filesInOrder(files: Files, folders: readonly string[], suffix: string): string[] {
  const byName = new Map<string, string>()
  for (const folder of folders) {
    for (const name of files.list(folder)) if (name.endsWith(suffix) && !byName.has(name)) byName.set(name, join(folder, name))
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
}
