import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { top, workspace } from '../cli/semantos.js'

const page = readFileSync(join(top, 'docs/embedding.md'), 'utf8')
const [, program = ''] = /<!-- program -->\n```js\n([\s\S]*?)\n```/.exec(page) ?? []

test('the program of the page plans, runs and listens, in a folder of its own', async () => {
  expect(program).toContain('openEngine')
  const folder = workspace('embedding')
  writeFileSync(join(folder, 'program.mjs'), program)
  await build({ entryPoints: [join(folder, 'program.mjs')], outfile: join(folder, 'built.mjs'), format: 'esm', platform: 'node', target: 'node20', logLevel: 'error' })
  const printed = execFileSync(process.execPath, ['built.mjs'], { cwd: folder, encoding: 'utf8' }).trim().split('\n')
  expect(printed[0]).toMatch(/^[1-9]\d* changes planned$/)
  expect(printed.slice(1, -1)).toEqual(expect.arrayContaining([expect.stringMatching(/^step 1: [a-z]/)]))
  expect(printed.at(-1)).toMatch(/^applied: /)
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['sandbox.conf', 'results']))
})

test('the page lists every event', () => {
  const source = readFileSync(join(top, 'packages/engine/src/run/events.ts'), 'utf8')
  const types = [...source.matchAll(/type: '([a-z-]+)'/g)].map(([, type = '']) => type)
  expect(types.length).toBeGreaterThan(5)
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, type = '']) => type)
  expect(rows.sort()).toEqual(types.sort())
})
