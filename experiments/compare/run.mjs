// All methods on workloads of experiments/real. Writes results/WORKLOAD.json as each ends, and docs/comparison.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { SemantosError } from '@semantos/core'
import { disk } from '../real/disk.mjs'
import { openHostPlace } from './host-place.mjs'
import { changedBetween, measure, texts } from './measure.mjs'
import { methodsFor } from './methods/index.mjs'
import { writePage } from './page.mjs'

const HERE = import.meta.dirname
const { values: options } = parseArgs({
  options: {
    workloads: { type: 'string', default: 'accept-queue,scheduler' },
    trials: { type: 'string', default: '20' },
    blocks: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    /** Where the workloads' folders are, with a semantos.config.ts beside them. */
    from: { type: 'string', default: join(HERE, '..', 'real') },
    results: { type: 'string', default: join(HERE, 'results') },
    'state-dir': { type: 'string', default: '/var/lib/semantos/compare' },
  },
})
/** What `semantos tune` needs for its noise and its heal check alone is six. */
const LEAST_TRIALS = 8
if (!(Number(options.trials) >= LEAST_TRIALS)) throw new SemantosError('SEMANTOS_E_USAGE', { message: `--trials must be ${LEAST_TRIALS} or more` })
const FROM = resolve(options.from)
const RESULTS = resolve(options.results)
const STATE_DIR = resolve(options['state-dir'])
process.chdir(FROM)

let stopped = null
let underway = null
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopped ??= new SemantosError('SEMANTOS_E_ABORTED', { message: `stopped by ${signal}; every value is taken back` })
    underway?.stop(stopped)
  })
}

const known = json(join(HERE, 'scopes.json'))
for (const name of options.workloads.split(',')) {
  if (stopped === null) await compareOn(name)
}
if (stopped) {
  process.stderr.write(`${stopped.message}\n`)
  process.exitCode = 130
} else if (RESULTS === join(HERE, 'results')) writePage()

async function compareOn(name) {
  const say = (text) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${name}: ${text}\n`)
  const { start, best } = json(join(name, 'experiment.json'))
  const { profiles, ...scope } = known[name] ?? json(join(name, 'scope.json'))
  const began = performance.now()
  const before = await textsNow(say)
  let result
  try {
    underway = await openHostPlace({
      name, config: 'semantos.config.ts', workload: join(name, 'workload.yaml'), start, scope, seed: Number(options.seed), logs: join(HERE, '..', 'results', 'compare', name), stateDir: STATE_DIR, say,
    })
    if (stopped) throw stopped
    result = await measure(underway, await methodsFor({ profiles, best }), { trials: Number(options.trials), blocks: Number(options.blocks), seed: Number(options.seed) })
  } catch (error) {
    if (stopped === null) throw error
  } finally {
    await underway?.close()
    underway = null
  }
  const left = changedBetween(before, await textsNow(say))
  say(left.length === 0 ? 'every value is as it was, to the byte' : `LEFT CHANGED: ${left.join(', ')}`)
  if (left.length > 0) process.exitCode = 1
  if (!result) return
  const machine = `Linux ${release().split('.').slice(0, 2).join('.')}, ${cpus().length} CPUs`
  const recorded = { ...result, machine, time: new Date().toISOString(), start, minutes: (performance.now() - began) / 60_000, left_changed: left }
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(recorded, null, 1)}\n`)
  say(`done in ${recorded.minutes.toFixed(1)} minutes`)
}

/** Every knob of the catalogue before and after all of it; no start is set for this. */
async function textsNow(say) {
  const place = await openHostPlace({ name: 'look', config: 'semantos.config.ts', workload: '@semantos/workload-synthetic', start: {}, scope: {}, seed: 0, logs: '', stateDir: STATE_DIR, say })
  try {
    return await texts(place)
  } finally {
    await place.close()
  }
}

function json(file) {
  if (!existsSync(file)) throw new SemantosError('SEMANTOS_E_USAGE', { message: `there is no ${file}`, next: `Name one of ${Object.keys(known).join(', ')}.` })
  return JSON.parse(readFileSync(file, 'utf8').replaceAll('DISK', () => disk('/var/tmp')))
}
