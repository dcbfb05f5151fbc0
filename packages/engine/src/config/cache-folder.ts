import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where code that was made from a file may be kept: beside the installed packages, never in a temporary folder that others can write to, since this may run as root. */
export function cacheFolder(folder: string): string | false {
  const modules = join(folder, 'node_modules')
  if (existsSync(modules)) return join(modules, '.cache', 'semantos')
  const parent = dirname(folder)
  return parent === folder ? false : cacheFolder(parent)
}
