import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system in memory, mounted on a folder for as long as the test needs it. */
export function mounted(folder: string, options: string): Disposable {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
  return { [Symbol.dispose]: () => void execFileSync('umount', [folder]) }
}

/** False without root, and for root in a container without CAP_SYS_ADMIN. */
export const mayMount = canMount()

function canMount(): boolean {
  try {
    mounted(mkdtempSync(join(tmpdir(), 'semantos-mount-')), 'size=8k')[Symbol.dispose]()
    return true
  } catch {
    return false
  }
}
