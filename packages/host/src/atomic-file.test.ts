import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, lchownSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mayMount, mounted } from '../../../tests/faults/mounted.js'
import { AtomicFile, checkWritable, fileOf, writeFileAtomic } from './atomic-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'semantos-atomic-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const root = process.getuid?.() === 0

describe('writeFileAtomic', () => {
  it('writes a new file and its folders, and leaves nothing else', () => {
    const path = join(folder, 'a', 'b', 'file.txt')
    writeFileAtomic(path, 'one\n')
    writeFileAtomic(path, Buffer.from('two\n'))
    expect(readFileSync(path, 'utf8')).toBe('two\n')
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file.txt'])
  })

  it('gives the file the mode it is told', () => {
    const path = join(folder, 'secret')
    writeFileAtomic(path, '', { mode: 0o600 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('keeps what root writes, and the folders it makes for that, for root alone', () => {
    const path = join(folder, 'made', 'report.json')
    writeFileAtomic(path, '')
    expect((statSync(path).mode & 0o077) === 0).toBe(root)
    expect((statSync(join(folder, 'made')).mode & 0o077) === 0).toBe(root)
    writeFileAtomic(join(folder, 'public', 'drop-in.conf'), '', { mode: 0o644 })
    expect(statSync(join(folder, 'public')).mode & 0o055).toBe(0o055)
  })

  it.skipIf(!root)('does not go through a link of another user (needs root)', () => {
    mkdirSync(join(folder, 'elsewhere'))
    for (const [name, uid] of [['own', 0], ['theirs', 65534]] as const) {
      symlinkSync('elsewhere', join(folder, name))
      lchownSync(join(folder, name), uid, uid)
    }
    writeFileAtomic(join(folder, 'own', 'results', 'report.json'), '')
    for (const path of ['report.json', 'results/report.json']) {
      expect(() => writeFileAtomic(join(folder, 'theirs', path), '')).toThrow(/a part of the path is a link of another user \(ELOOP\)/)
    }
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['results'])
  })

  it('replaces a symbolic link and does not follow it', () => {
    const [target, path] = [join(folder, 'target'), join(folder, 'link')]
    writeFileSync(target, 'untouched')
    symlinkSync(target, path)
    writeFileAtomic(path, 'new')
    expect(readFileSync(target, 'utf8')).toBe('untouched')
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  it('says that a part of the path is a file', () => {
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, 'file', 'below')
    expect(() => writeFileAtomic(path, 'x')).toThrow(
      expect.objectContaining({ code: 'SEMANTOS_E_WRITE_FAILED', place: path, message: `cannot write ${path}: a part of the path is a file, not a folder (EEXIST)` }),
    )
  })

  it('says that there is a folder of that name, and removes its temporary file', () => {
    const path = join(folder, 'taken')
    mkdirSync(path)
    expect(() => writeFileAtomic(path, 'x')).toThrow('there is a folder of that name (EISDIR)')
    expect(readdirSync(folder)).toEqual(['taken'])
  })

  it.skipIf(root)('says that the folder is read-only (as root every folder is writable)', () => {
    chmodSync(folder, 0o555)
    expect(() => writeFileAtomic(join(folder, 'file'), 'x')).toThrow('permission denied (EACCES)')
    chmodSync(folder, 0o755)
  })

  it.skipIf(!mayMount)('says that the disk is full and keeps the old file (a small file system is mounted; needs root and CAP_SYS_ADMIN)', () => {
    const path = join(folder, 'file')
    using _disk = mounted(folder, 'size=64k')
    writeFileAtomic(path, 'old')
    expect(() => writeFileAtomic(path, Buffer.alloc(256 * 1024))).toThrow(
      expect.objectContaining({ code: 'SEMANTOS_E_WRITE_FAILED', place: path, message: `cannot write ${path}: the disk is full (ENOSPC)` }),
    )
    expect(readdirSync(folder)).toEqual(['file'])
    expect(readFileSync(path, 'utf8')).toBe('old')
  })

  it.skipIf(!mayMount)('says that the file system is read-only (one is mounted; needs root and CAP_SYS_ADMIN)', () => {
    using _disk = mounted(folder, 'ro,size=64k')
    expect(() => writeFileAtomic(join(folder, 'file'), 'x')).toThrow('the file system is mounted read-only (EROFS)')
    expect(() => checkWritable(join(folder, 'new', 'file'))).toThrow('the file system is mounted read-only (EROFS)')
  })

  it('leaves a whole file when the process is killed while it writes', async () => {
    const script = join(folder, 'writer.mjs')
    await build({ entryPoints: [fileURLToPath(new URL('atomic-file.ts', import.meta.url))], bundle: true, platform: 'node', format: 'esm', outfile: join(folder, 'atomic-file.mjs'), logLevel: 'error', banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }, alias: { '@semantos/core': fileURLToPath(new URL('../../../core/src/index.ts', import.meta.url)) } })
    writeFileSync(script, `
      import { writeFileAtomic } from './atomic-file.mjs'
      for (let i = 0; ; i++) writeFileAtomic('target', String(i % 10).repeat(1_000_000))
    `)
    for (const runMs of [40, 55, 70]) {
      rmSync(join(folder, 'target'), { force: true })
      const writer = spawn(process.execPath, [script], { cwd: folder })
      const ended = new Promise((resolve) => writer.once('exit', resolve))
      while (!existsSync(join(folder, 'target'))) await sleep(5)
      await sleep(runMs)
      writer.kill('SIGKILL')
      await ended
      expect(readFileSync(join(folder, 'target'), 'utf8')).toMatch(/^(\d)\1{999999}$/)
    }
  })
})

describe('AtomicFile', () => {
  it('shows nothing under the name before commit, and everything after', () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old')
    const file = new AtomicFile(path)
    file.write('a')
    file.write('b'.repeat(200_000))
    file.write('ü')
    expect(readFileSync(path, 'utf8')).toBe('old')
    file.commit()
    expect(readFileSync(path, 'utf8')).toBe(`a${'b'.repeat(200_000)}ü`)
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it('leaves the old file and no other when it is discarded, twice even', () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old')
    const file = new AtomicFile(path)
    file.write('x'.repeat(200_000))
    file.discard()
    file.discard()
    expect(readdirSync(folder)).toEqual(['file'])
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(() => file.write('y'.repeat(200_000))).toThrow('the file is finished')
  })

  it('finished, needs nothing but its name; discarded then, the old file stays', () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old')
    const [kept, dropped] = [fileOf(path, 'new'), fileOf(path, 'other')]
    for (const file of [kept, dropped]) file.finish()
    expect(readFileSync(path, 'utf8')).toBe('old')
    kept.publish()
    dropped.discard()
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(readdirSync(folder)).toEqual(['file'])
    for (const file of [kept, dropped]) expect(() => file.publish()).toThrow(/not finished/)
  })

  it('keeps two writers of one path apart; the last to commit wins', () => {
    const path = join(folder, 'file')
    const [one, two] = [new AtomicFile(path), new AtomicFile(path)]
    one.write('one')
    two.write('two')
    two.commit()
    one.commit()
    expect(readFileSync(path, 'utf8')).toBe('one')
  })
})

describe('checkWritable', () => {
  it('passes where a file can be written, and leaves nothing', () => {
    checkWritable(join(folder, 'new', 'deeper', 'file'))
    expect(readdirSync(folder)).toEqual([])
  })

  it('fails where a part of the path is a file', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => checkWritable(join(folder, 'file', 'below'))).toThrow('a part of the path is a file, not a folder (ENOTDIR)')
  })

  it('fails where the name is a folder', () => {
    expect(() => checkWritable(folder)).toThrow('there is a folder of that name (EISDIR)')
  })

  it.skipIf(root)('fails in a read-only folder (as root every folder is writable)', () => {
    chmodSync(folder, 0o555)
    expect(() => checkWritable(join(folder, 'file'))).toThrow('permission denied (EACCES)')
    chmodSync(folder, 0o755)
  })

  it.skipIf(!mayMount)('fails on a full disk (a small file system is mounted; needs root and CAP_SYS_ADMIN)', () => {
    using _disk = mounted(folder, 'size=8k')
    writeFileSync(join(folder, 'fill'), Buffer.alloc(8 * 1024))
    expect(() => checkWritable(join(folder, 'file'))).toThrow('the disk is full (ENOSPC)')
    expect(readdirSync(folder)).toEqual(['fill'])
  })
})
