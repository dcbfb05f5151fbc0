import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from '@semantos/core'
import { expect, test } from 'vitest'
import { bin, scratch, workspace } from './semantos.js'

const Called = z.object({ functionName: z.string(), ranges: z.array(z.object({ count: z.int() })) })
const Coverage = z.object({ result: z.array(z.object({ functions: z.array(Called) })) })
const TRACE = { id: 'r1', time: '2025-01-01T00:00:00Z', host: {}, workload: '@semantos/workload-synthetic', metrics: { load: 9 }, actions: [], improvement_pct: 5, verdict: 'better' }

/** Whether a plan with this memory runs the library that searches words: V8's coverage lists every function that was called. */
function searchesWords(folder: string, kb: string): boolean {
  const coverage = scratch('coverage')
  execFileSync(process.execPath, [bin, 'plan', '--kb', kb], { cwd: folder, env: { ...process.env, NODE_V8_COVERAGE: coverage }, stdio: 'pipe' })
  const scripts = readdirSync(coverage).flatMap((file) => Coverage.parse(JSON.parse(readFileSync(join(coverage, file), 'utf8'))).result)
  return scripts.some(({ functions }) => functions.some(({ functionName, ranges }) => /^_?MiniSearch/.test(functionName) && ranges.some(({ count }) => count > 0)))
}

test('a run loads the search of words where there are past runs, and not before', () => {
  const folder = workspace('loaded')
  writeFileSync(join(folder, 'semantos.config.yaml'), "extends: '@semantos/preset-reproduction'\n")
  mkdirSync(join(folder, 'kb'))
  expect(searchesWords(folder, 'kb')).toBe(false)
  writeFileSync(join(folder, 'kb', 'experiences.json'), JSON.stringify([TRACE]))
  expect(searchesWords(folder, 'kb')).toBe(true)
})
