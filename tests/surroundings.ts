import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a shell or a CI system may say of colours, languages and Node itself. */
const TASTES = ['FORCE_COLOR', 'NO_COLOR', 'NODE_OPTIONS', 'NODE_DISABLE_COLORS', 'LANGUAGE', 'LC_MESSAGES', 'SUDO_USER']

/**
 * The same for every test run, whoever starts it: environment, umask, and one folder for all that tests leave in temporary folders, which
 * is removed at the end.
 */
export default function setup(): (() => void) | undefined {
  for (const name of TASTES) Reflect.deleteProperty(process.env, name)
  Object.assign(process.env, { LC_ALL: 'C.UTF-8', TERM: 'xterm' })
  process.umask(0o022)
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
