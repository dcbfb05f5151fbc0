import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from '@semantos/core'
import { describe, expect, test } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(top, 'docs/threat-model.md'), 'utf8')
const rows = page.split('\n').filter((line) => /^\| (?!could try|what happens|rule)/.test(line))

interface Claim {
  readonly file: string
  readonly title: string
}

/** `[name](…/blob/main/path) "title", "title"`, in the last column. */
function claimsOf(row: string): Claim[] {
  return [...row.matchAll(/\]\(https:[^)]+\/blob\/main\/([^)]+\.test\.ts)\) ((?:(?:, )?"[^"]+")+)/g)]
    .flatMap(([, file = '', titles = '']) => [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title })))
}

describe('docs/threat-model.md', () => {
  test('names a test for every row but the one that says that nothing helps', () => {
    expect(rows.length).toBeGreaterThan(30)
    expect(rows.filter((row) => claimsOf(row).length === 0).map((row) => row.split(' | ')[1])).toEqual(['nothing: a plugin is code that you install and run as root'])
  })

  test('names no test that is not there, as vitest itself lists them', () => {
    const claims = rows.flatMap(claimsOf)
    const files = [...new Set(claims.map(({ file }) => file))]
    const listed = execFileSync(process.execPath, [join(top, 'node_modules/vitest/vitest.mjs'), 'list', ...files, '--json'], { cwd: top, encoding: 'utf8', maxBuffer: 2 ** 26 })
    const tests = z.array(z.object({ name: z.string(), file: z.string() })).parse(JSON.parse(listed))
    expect(claims.filter(({ file, title }) => !tests.some((one) => one.file === join(top, file) && one.name.includes(title)))).toEqual([])
  }, 600_000)
})
