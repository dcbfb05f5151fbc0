import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from '@semantos/core'
import { expect, test } from 'vitest'
import { bin, scratch, workspace } from './semantos.js'

const Coverage = z.object({ result: z.array(z.object({ url: z.string() })) })
const TRACE = { id: 'r1', time: '2025-01-01T00:00:00Z', host: {}, workload: '@semantos/workload-synthetic', metrics: { load: 9 }, actions: [], improvement_pct: 5, verdict: 'better' }

/** Whether a plan with this memory loads the library that searches words: V8's coverage lists every file that was loaded. */
function searchesWords(folder: string, kb: string): boolean {
  const coverage = scratch('coverage')
  execFileSync(process.execPath, [bin, 'plan', '--kb', kb], { cwd: folder, env: { ...process.env, NODE_V8_COVERAGE: coverage }, stdio: 'pipe' })
  const urls = readdirSync(coverage).flatMap((file) => Coverage.parse(JSON.parse(readFileSync(join(coverage, file), 'utf8'))).result.map(({ url }) => url))
  return urls.filter((url) => url.startsWith('file:')).some((url) => /class _?MiniSearch/.test(readFileSync(fileURLToPath(url), 'utf8')))
}

test('a run loads the search of words where there are past runs, and not before', { timeout: 60_000 }, () => {
  const folder = workspace('loaded')
  writeFileSync(join(folder, 'semantos.config.yaml'), "extends: '@semantos/preset-reproduction'\n")
  mkdirSync(join(folder, 'kb'))
  expect(searchesWords(folder, 'kb')).toBe(false)
  writeFileSync(join(folder, 'kb', 'experiences.json'), JSON.stringify([TRACE]))
  expect(searchesWords(folder, 'kb')).toBe(true)
})
