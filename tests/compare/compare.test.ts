import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { top } from '../cli/semantos.js'

const Row = z.object({
  name: z.string(), left_out: z.string().optional(), trials: z.number().optional(), settings: z.array(z.unknown()).optional(), worst_p95_ms: z.number().nullable().optional(), left_changed: z.array(z.string()).optional(), words: z.string().optional(),
})
const Run = z.object({ trials: z.number(), blocks: z.number(), methods: z.array(Row), final_p95_ms: z.record(z.string(), z.array(z.number().nullable())) })

/** Runs a script of modules of the harness, as its own scripts import them, and parses what it prints. */
async function inHarness(script: string): Promise<unknown> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: join(top, 'experiments', 'compare'), stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()))
  const status = await new Promise((resolve) => child.on('close', resolve))
  expect(status).toBe(0)
  return JSON.parse(printed)
}

const measured = (methods: string) => inHarness(`
  import { measure } from './measure.mjs'
  import { methodsFor } from './methods/index.mjs'
  import { tpe } from './methods/tpe.mjs'
  import { randomSearch } from './methods/random-search.mjs'
  import { openSyntheticPlace } from './synthetic-place.mjs'
  const place = await openSyntheticPlace({ seed: 3, say: () => undefined })
  const run = await measure(place, ${methods}, { trials: 12, blocks: 3, seed: 3 })
  await place.close()
  console.log(JSON.stringify(run))
`).then((run) => Run.parse(run))

describe('the comparison on a synthetic host', { timeout: 300_000 }, () => {
  test('gives every method the same budget at most, the searchers all of it, and leaves nothing changed', async () => {
    const { methods, final_p95_ms: finals, blocks } = await measured('await methodsFor({ profiles: [] })')
    const ran = methods.filter((row) => row.left_out === undefined)
    expect(ran.map(({ name }) => name)).toEqual(expect.arrayContaining(['untouched', 'the kit', 'random search', 'SemantOS']))
    for (const { trials } of ran) expect(trials).toBeLessThanOrEqual(12)
    expect(ran.find(({ name }) => name === 'random search')?.trials).toBe(12)
    expect(ran.find(({ name }) => name === 'untouched')).toMatchObject({ trials: 0, settings: [] })
    expect(ran.flatMap((row) => row.left_changed ?? ['?'])).toEqual([])
    for (const p95s of Object.values(finals)) expect(p95s.length).toBe(blocks)
  })

  test('a searcher that would spend more than its budget is stopped', async () => {
    const greedy = "{ name: 'greedy', unavailable: () => null, find: async (task) => { for (let trial = 0; trial < 12; trial++) await task.trial([]); return task.trial([]).then(() => [], (error) => { task.say(error.message); return [] }) } }"
    expect(await measured(`[${greedy}]`)).toMatchObject({ methods: [{ trials: 12, words: 'the budget of 12 trials is spent' }] })
  })

  test('Optuna is left out, with the reason, where python3-optuna is missing', async () => {
    const { methods } = await measured("[randomSearch, tpe('/no/such/python3')]")
    expect(methods[1]).toEqual({ name: "Optuna's TPE", left_out: '/no/such/python3 has no optuna (Debian: python3-optuna)' })
  })

  test('the same seed gives the same answers', async () => {
    const answers = async () => (await measured('[randomSearch]')).methods.map(({ settings }) => settings)
    expect(await answers()).toEqual(await answers())
  })
})

describe('its page', () => {
  test('is what the recorded runs give, to the byte', async () => {
    const page = await inHarness("import { recordedPage } from './page.mjs'; console.log(JSON.stringify(recordedPage()))")
    expect(page).toBe(readFileSync(join(top, 'docs', 'comparison.md'), 'utf8'))
  })

  test('has a row for every method of a real run, and says what was left out, what failed and what stayed changed', async () => {
    const row = { what: '', words: '', knobs_in_scope: 7, trials: 8, failed_trials: 0, worst_p95_ms: 12, left_changed: [], wall_s: 65 }
    const settings = [{ knob: 'net.core.somaxconn', value: 4096 }]
    const run = {
      workload: 'tiny', machine: 'Linux 6.18, 2 CPUs', time: '2026-01-01T00:00:00Z', start: { 'net.core.somaxconn': 128 }, seed: 1, trials: 8, blocks: 4, scope: { subsystems: ['net-core'] }, left_changed: [],
      methods: [
        { ...row, name: 'untouched', settings: [], trials: 0, worst_p95_ms: null },
        { ...row, name: 'random search', settings, failed_trials: 3, left_changed: ['vm.swappiness'] },
        { name: "Optuna's TPE", what: '', left_out: 'no optuna' },
        { ...row, name: 'SemantOS', settings: [] },
      ],
      final_p95_ms: { baseline: [10, 11, 10, 11], 'net.core.somaxconn=4096': [1, 1.1, 1, 1.1] },
    }
    const page = z.string().parse(await inHarness(`import { pageOf } from './page.mjs'; console.log(JSON.stringify(pageOf([${JSON.stringify(run)}], null)))`))
    expect(page).toContain('| untouched | 10.5 [10, 11] | 1 | 0 |  | none | 65 s |')
    expect(page).toContain('| random search | 1.05 [1, 1.1] | 0.1 [0.0909, 0.11] | 8 (3 failed) | 12 | vm.swappiness | 65 s |')
    expect(page).toContain("| Optuna's TPE | left out: no optuna |")
    expect(page).toContain('| SemantOS | 10.5 [10, 11] | 1 | 8 | 12 | none | 65 s |')
  })
})
