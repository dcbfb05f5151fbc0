import { readFileSync, realpathSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { writeFileAtomic } from './atomic-file.js'
import { codeOf } from './reader.js'

/** The only files outside the kernel that SemantOS writes as a part of applying; each is its own, none another's. */
const OWN = /^\/etc\/(?:sysctl\.d\/\d\d-semantos\.conf|tmpfiles\.d\/semantos\.conf|udev\/rules\.d\/\d\d-semantos\.rules)$/

function isDropIn(path: string): boolean {
  return OWN.test(path)
}

/** The whole text of a drop-in, or null where there is none. */
export function showDropIn(root: string, path: string): string | null {
  try {
    return readFileSync(realDropIn(root, path), 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Writes a drop-in as a whole, or removes it. */
export function putDropIn(root: string, path: string, text: string | null): void {
  const real = realDropIn(root, path)
  if (text === null) rmSync(real, { force: true })
  else writeFileAtomic(real, text, { mode: 0o644 })
}

/** A folder that is a link would put the file, or take it from, somewhere else. */
function realDropIn(root: string, path: string): string {
  if (!isDropIn(path)) throw new Error(`${path} is no drop-in of SemantOS`)
  const folder = join(realpathSync(root), dirname(path))
  const real = realpathIfThere(folder)
  if (real !== null && real !== folder) throw new Error(`${dirname(path)} is a link to ${real}`)
  return join(folder, basename(path))
}

function realpathIfThere(path: string): string | null {
  try {
    return realpathSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
