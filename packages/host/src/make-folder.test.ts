import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder } from './make-folder.js'

const folder = mkdtempSync(join(tmpdir(), 'semantos-make-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('makes what is missing, with the mode, and says whether it did', () => {
  expect(makeFolder(join(folder, 'a/b/c'), 0o700)).toBe(true)
  expect(statSync(join(folder, 'a/b/c')).mode & 0o777).toBe(0o700)
  expect(makeFolder(join(folder, 'a/b/c'))).toBe(false)
  expect(makeFolder('/')).toBe(false)
})

test('a link to a folder is a folder; a file or a link to nothing is in the way', () => {
  symlinkSync(join(folder, 'a'), join(folder, 'linked'))
  expect(makeFolder(join(folder, 'linked/b'))).toBe(false)
  writeFileSync(join(folder, 'file'), '')
  symlinkSync(join(folder, 'nothing'), join(folder, 'dangling'))
  expect(() => makeFolder(join(folder, 'file'))).toThrow(/EEXIST/)
  expect(() => makeFolder(join(folder, 'file/x'))).toThrow(/ENOTDIR/)
  expect(() => makeFolder(join(folder, 'dangling/x'))).toThrow(/EEXIST/)
})

// In a process of its own: what hangs in a system call cannot be cut off from inside.
test.skipIf(!existsSync('/proc/self'))('a file system that makes no folders is an error at once (needs /proc)', () => {
  const script = `import { makeFolder } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}; makeFolder('/proc/self/x/y')`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(stderr).toMatch(/ENOENT/)
  expect(status).toBe(1)
})
