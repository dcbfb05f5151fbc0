import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TuneReport } from '@semantos/core'
import { main } from '../main.js'

const CORE = fileURLToPath(new URL('../../../../core/dist/index.js', import.meta.url))

/** Plugins that do nothing, and two that hear of a tune: the report's writes a file, the knowledge's must not hear of it twice. */
const CONFIG = `
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { definePlugin, z } from ${JSON.stringify(CORE)}

const plugin = (stage, setup = () => undefined) => definePlugin({ name: 'test-' + stage, stage, api: 1, options: z.strictObject({}), setup })()
const idle = ['telemetry', 'reasoning', 'guardrails', 'rollout', 'applier', 'monitoring', 'evaluation']
const report = (kernel) => kernel.hooks.tuned.tapPromise('write', (tune, context) => {
  writeFileSync(join(kernel.paths.results, 'tune', tune.run, 'report.txt'), [tune.outcome, context.run, context.now().toISOString()].join(' '))
})
const knowledge = (kernel) => kernel.hooks.learn.tapPromise('remember', () => { throw new Error('learned twice') })
export default {
  ...Object.fromEntries(idle.map((stage) => [stage, plugin(stage)])),
  knowledge: plugin('knowledge', knowledge),
  report: REPORT,
  paths: { results: 'results' },
}
`

let folder: string
let printed: string
let complained: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-report-')))
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((printed += String(text))))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((complained += String(text))))
  printed = ''
  complained = ''
  configure("plugin('report', report)")
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

function configure(report: string): void {
  writeFileSync(join(folder, 'semantos.config.mjs'), CONFIG.replace('REPORT', report))
}

function tuneOf(run: string): TuneReport {
  const time = '2026-01-01T00:00:00.000Z'
  return {
    kind: 'semantos-tune', schema_version: 1, run, started: time, ended: '2026-01-01T00:10:00.000Z', command: [], folder: '', software: { semantos: '1.0.0', node: 'v20.19.0', plugins: [] }, journal: null, seed: 7, goal: 'p95', slo: { p95_ms: 120 }, workload: { name: 'w', plugin: 'w', version: '1.0.0', options: {}, origin: null }, config: null, outcome: 'measured only',
    snapshot: { time, host: null, metrics: [], missing: [] }, plan: { recommendations: [], advice: [] }, noise: null, comparisons: [], skipped: [], kept: [], baseline: [], final: null, heal: null,
    trials: [], cost: { trial_cpu_pct: 0.1, cpu_pct: 0.1, memory_mb: 50, helpers: { names: [], trial_cpu_pct: 0, memory_mb: 0 }, bookkeeping_ms_per_trial: 1, changing_ms_per_trial: 1 },
  }
}

/** A tune that ended at this second of 2026. */
function put(name: string, content: unknown, endedS = 0): string {
  const tune = join(folder, 'results', 'tune', name)
  mkdirSync(tune, { recursive: true })
  writeFileSync(join(tune, 'tune.json'), typeof content === 'string' ? content : JSON.stringify(content))
  utimesSync(join(tune, 'tune.json'), 1_770_000_000 + endedS, 1_770_000_000 + endedS)
  return tune
}

it('writes the report of the newest tune again, and prints where its files are', async () => {
  const newest = put('b', tuneOf('b'), 20)
  const older = put('c', tuneOf('c'), 10)
  mkdirSync(join(folder, 'results', 'tune', 'unfinished'))
  expect(await main(['report'])).toBe(0)
  expect(printed).toBe(`${join(newest, 'report.txt')}\n${join(newest, 'tune.json')}\n`)
  expect(readFileSync(join(newest, 'report.txt'), 'utf8')).toBe('measured only b 2026-01-01T00:10:00.000Z')
  expect(existsSync(join(older, 'report.txt'))).toBe(false)
})

it('writes that of the tune that is named', async () => {
  put('b', tuneOf('b'), 20)
  const older = put('c', tuneOf('c'), 10)
  expect(await main(['report', 'c'])).toBe(0)
  expect(printed).toContain(join(older, 'report.txt'))
})

it('prints the tune as one JSON document', async () => {
  put('b', tuneOf('b'))
  expect(await main(['report', '--json'])).toBe(0)
  expect(JSON.parse(printed)).toEqual(tuneOf('b'))
})

it('says what to do where the config has no plugin that writes reports of tunes', async () => {
  put('b', tuneOf('b'))
  configure('[]')
  expect(await main(['report'])).toBe(2)
  expect(complained).toContain('--config FILE, or add @semantos/report-html to the report slot')
})

it('says what to do where there is no tune, or none of that name', async () => {
  expect(await main(['report'])).toBe(2)
  expect(complained).toContain('Run semantos tune first')
  put('b', tuneOf('b'))
  expect(await main(['report', '../tune/b'])).toBe(2)
  expect(complained).toContain('Name one of b.')
})

it('refuses a file that is no tune, or of another one, and writes nothing', async () => {
  const broken = put('broken', '{"kind":', 1)
  expect(await main(['report', 'broken'])).toBe(2)
  put('half', { ...tuneOf('half'), trials: null }, 2)
  expect(await main(['report', 'half'])).toBe(2)
  expect(complained).toContain('trials')
  put('moved', tuneOf('../../elsewhere'), 3)
  expect(await main(['report', 'moved'])).toBe(2)
  expect(complained).toContain('lies in the folder of moved')
  expect(existsSync(join(broken, 'report.txt'))).toBe(false)
})
