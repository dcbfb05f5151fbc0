import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** All that a test run leaves in temporary folders goes into one, which is removed at its end. */
export default function setup(): (() => void) | undefined {
  if (process.env['SEMANTOS_TESTS_TMPDIR'] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'semantos-tests-'))
  chmodSync(folder, 0o1777) // as /tmp: some tests are other users
  process.env['SEMANTOS_TESTS_TMPDIR'] = folder
  process.env['TMPDIR'] = folder
  return () => {
    // What a failed test has left mounted there is not ours to remove.
    if (!mounts().includes(` ${folder}/`)) rmSync(folder, { recursive: true, force: true })
  }
}

function mounts(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8')
  } catch {
    return ''
  }
}
