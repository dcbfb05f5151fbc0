import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { geteuid } from 'node:process'
import { describe, expect, test } from 'vitest'
import { mayMount, mounted } from '../../../tests/faults/mounted.js'
import { stateDir } from '../../../tests/faults/writing.js'
import { prepareStateDir } from './state-dir.js'

const root = geteuid?.() === 0

describe('the folder of the journals', () => {
  test('is made for its owner only, and its probe leaves nothing behind', () => {
    const dir = prepareStateDir(stateDir())
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    expect(readdirSync(dir)).toEqual([])
  })

  test('may be a link, and its real path is used', () => {
    const dir = stateDir()
    mkdirSync(dir)
    symlinkSync(dir, `${dir}-link`)
    expect(prepareStateDir(`${dir}-link`)).toBe(dir)
  })

  test('is refused where others may write to it', () => {
    const dir = stateDir()
    mkdirSync(dir)
    chmodSync(dir, 0o777)
    expect(() => prepareStateDir(dir)).toThrow(/others may write to .* \(mode 777\)/)
    chmodSync(dir, 0o1777)
    expect(() => prepareStateDir(dir)).toThrow(/not safe/)
  })

  test('is refused where others may replace a folder above it', () => {
    const dir = stateDir()
    chmodSync(dirname(dir), 0o777)
    expect(() => prepareStateDir(dir)).toThrow(/not safe/)
    chmodSync(dirname(dir), 0o1777)
    expect(() => prepareStateDir(dir)).not.toThrow()
  })

  test.skipIf(!root)('is refused where it belongs to somebody else (needs root)', () => {
    const dir = stateDir()
    mkdirSync(dir)
    chownSync(dir, 1234, 1234)
    expect(() => prepareStateDir(dir)).toThrow(/belongs to user 1234/)
  })

  test('is refused where a part of its path is a file', () => {
    const dir = stateDir()
    writeFileSync(dir, '')
    expect(() => prepareStateDir(dir)).toThrow(/a part of the path is a file/)
    expect(() => prepareStateDir(join(dir, 'below'))).toThrow(/SEMANTOS|a part of the path is a file/)
  })

  test.skipIf(!mayMount)('is refused on a full disk and on one mounted read-only (needs root and CAP_SYS_ADMIN)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'semantos-mount-'))
    using _disk = mounted(folder, 'size=64k,mode=700')
    expect(() => prepareStateDir(join(folder, 'journal'))).toThrow(/the disk is full \(ENOSPC\)/)
    using _same = mounted(folder, 'ro,size=64k,mode=700')
    expect(() => prepareStateDir(join(folder, 'journal'))).toThrow(/read-only \(EROFS\)/)
  })
})
