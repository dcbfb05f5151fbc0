import { createHash } from 'node:crypto'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from '@semantos/core'
import { runCompiled } from './compiled.js'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'semantos-compiled-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const compiled = () => join(folder, 'compiled')
const keptFiles = () => readdirSync(compiled()).map((name) => join(compiled(), name))

function program(text: string, name = 'program.cjs'): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

/** Runs a program as a new process would: require() has forgotten it. */
function run(text: string, kept = compiled(), name?: string): { exported: unknown; keep: () => void } {
  const require = createRequire(import.meta.url)
  const file = program(text, name)
  Reflect.deleteProperty(require.cache, file)
  const keep = runCompiled(file, kept)
  return { exported: require(file), keep }
}

describe('a program run with what V8 compiled of it', () => {
  test('is what require() finds', () => {
    expect(run("exports.here = [__filename, require('node:path').basename(module.filename)]").exported).toEqual({ here: [join(folder, 'program.cjs'), 'program.cjs'] })
  })

  test('takes what an earlier process kept, and keeps nothing anew', () => {
    run('exports.n = 1').keep()
    const before = keptFiles().map((file) => statSync(file).ino)
    const second = run('exports.n = 1')
    second.keep()
    expect(second.exported).toEqual({ n: 1 })
    expect(before).toHaveLength(1)
    expect(keptFiles().map((file) => statSync(file).ino)).toEqual(before)
  })

  test('is never an older program of the same length', () => {
    run('exports.n = 1').keep()
    expect(run('exports.n = 2').exported).toEqual({ n: 2 })
  })

  test('names the file where it is, not where it was before it was moved', () => {
    const text = "exports.at = () => new Error('here').stack"
    run(text).keep()
    const { exported } = run(text, compiled(), 'moved.cjs')
    expect(z.object({ at: z.function({ input: [], output: z.string() }) }).parse(exported).at()).toContain(join(folder, 'moved.cjs'))
  })

  test.each([['nothing', ''], ['nonsense', 'x'.repeat(5000)]])('runs where %s was kept, and keeps it properly', (what, broken) => {
    // A text of its own, since V8 remembers what it compiled before in this process.
    const text = `exports.n = '${what}'`
    mkdirSync(compiled())
    const kept = join(compiled(), `${createHash('sha1').update(join(folder, 'program.cjs')).update(text).digest('hex')}-${process.version}-${process.arch}`)
    writeFileSync(kept, broken)
    const { exported, keep } = run(text)
    keep()
    expect(exported).toEqual({ n: what })
    expect(keptFiles()).toEqual([kept])
    expect(readFileSync(kept, 'latin1')).not.toBe(broken)
  })

  test.skipIf(process.getuid?.() !== 0)('does not take what somebody else kept (only root can make such a file)', () => {
    run('exports.n = 1').keep()
    for (const file of keptFiles()) chownSync(file, 12345, 12345)
    run('exports.n = 1').keep()
    expect(keptFiles().map((file) => statSync(file).uid)).toEqual([0])
  })

  test('runs where nothing can be kept', () => {
    const { exported, keep } = run('exports.n = 1', join(program(''), 'no folder'))
    keep()
    expect(exported).toEqual({ n: 1 })
  })
})
