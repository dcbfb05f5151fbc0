import { type Stats, lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import { geteuid } from 'node:process'

/**
 * Throws where a part of an absolute path is a link that another user made: whoever owns it decides where the file goes. Links of root
 * and of this user are followed. The error has the code ELOOP, as open(2) with O_NOFOLLOW.
 */
export function refuseLinksOfOthers(path: string): void {
  for (let part = path; part !== dirname(part); part = dirname(part)) {
    const found = statOf(part)
    if (!found?.isSymbolicLink() || found.uid === 0 || found.uid === geteuid?.()) continue
    throw Object.assign(new Error(`${part} is a link of another user (uid ${found.uid})`), { code: 'ELOOP' })
  }
}

function statOf(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    return null
  }
}
