// Runs the experiments named, or all: sets the start, lets semantos tune find its way, compares, takes everything back.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBench } from './bench.mjs'
import { disk } from './disk.mjs'
import { writeTable } from './page.mjs'
import { verify } from './verify.mjs'

const TRIALS = 25
const LEAST_SHARE_PCT = 80
const CLI = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'dist', 'semantos.js')
process.chdir(import.meta.dirname)

const all = readdirSync('.').filter((name) => existsSync(join(name, 'experiment.json')))
const names = process.argv.length > 2 ? process.argv.slice(2) : all
const say = (name, text) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${name}: ${text}\n`)

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort(new Error(`stopped by ${signal}`)))

for (const name of names) {
  if (stopping.signal.aborted) break
  const passed = await experiment(name).catch((error) => {
    say(name, error.message)
    return false
  })
  if (!passed) process.exitCode = 1
}
for (const file of readdirSync('/var/tmp').filter((file) => file.startsWith('semantos-'))) rmSync(join('/var/tmp', file), { force: true })
if (stopping.signal.aborted) process.exitCode = 130
else writeTable(all)

/** Runs one, takes everything back, and compares every knob with what it was, however it ended. */
async function experiment(name) {
  const { goal = 'p95', config = 'semantos.config.ts', workload = join(name, 'workload.yaml'), start, best } = JSON.parse(readFileSync(join(name, 'experiment.json'), 'utf8').replaceAll('DISK', disk('/var/tmp')))
  const began = performance.now()
  const task = { name, goal, config, workload, start, best }
  const before = await on(task, (bench) => bench.texts())
  let result = null
  try {
    result = await measure(task)
  } catch (error) {
    say(name, error.message)
  }
  const after = await on(task, (bench) => bench.texts())
  const changed = [...before].filter(([ref, text]) => after.get(ref) !== text).map(([ref]) => ref)
  say(name, changed.length === 0 ? 'every value is as it was, to the byte' : `LEFT CHANGED: ${changed.join(', ')}`)
  if (result === null) return false
  writeFileSync(join(name, 'result.json'), `${JSON.stringify({ ...result, left_changed: changed, minutes: (performance.now() - began) / 60_000 }, null, 2)}\n`)
  const good = keptNothing(result.well_set ?? result) && (isControl(task) || result.share_of_best_pct >= LEAST_SHARE_PCT)
  say(name, good ? 'passed' : 'FAILED')
  return good && changed.length === 0
}

async function measure(task) {
  const { name, goal, start, best } = task
  const { report, ...found } = await tuneFrom(start, task)
  const result = { name, goal, start, best, ...found, cost: report.cost, noise: report.noise }
  if (isControl(task)) return result
  const verified = await on(task, (bench) => verify(bench, goal, { start, kept: found.kept, best }, (text) => say(name, text)))
  const { report: _, ...wellSet } = await tuneFrom(best, task)
  return { ...result, ...verified, well_set: wellSet }
}

/** What a tune keeps where these settings stand, and how many trials that takes. */
async function tuneFrom(settings, task) {
  stopping.signal.throwIfAborted()
  const report = await on(task, async (bench) => {
    await bench.set(settings)
    say(task.name, `started from ${JSON.stringify(settings)}`)
    return tune(task)
  })
  const kept = Object.fromEntries(report.kept.map(({ knob, value }) => [knob, value]))
  say(task.name, `kept ${JSON.stringify(kept)} after ${report.trials.length} trials`)
  return { report, kept, trials: report.trials.length, outcome: report.outcome }
}

/** Work on a bench of its own: what it sets is taken back, and the service that its trials started is stopped. */
async function on({ name, config, workload }, work) {
  const bench = await openBench(name, config, workload, stopping.signal)
  try {
    return await work(bench)
  } finally {
    await bench.close()
  }
}

function isControl({ best }) {
  return Object.keys(best).length === 0
}

function keptNothing({ kept }) {
  return Object.keys(kept).length === 0
}

/** The real command, as a user would type it: the whole catalogue in scope, and no word about the knob. */
function tune({ goal, config, workload }) {
  const state = mkdtempSync(join(tmpdir(), 'semantos-experiment-'))
  const words = ['tune', '--config', config, '--workload', workload, '--goal', goal, '--budget', String(TRIALS), '--apply', '--json', '--state-dir', state, '--kb', join(state, 'knowledge')]
  return new Promise((resolve, reject) => {
    // A session of its own, so that a Ctrl-C reaches it once, from here.
    const child = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    let printed = ''
    const interrupt = () => child.kill('SIGINT')
    stopping.signal.addEventListener('abort', interrupt)
    child.stdout.on('data', (data) => (printed += data))
    child.on('error', reject)
    child.on('close', (status) => {
      stopping.signal.removeEventListener('abort', interrupt)
      rmSync(state, { recursive: true, force: true })
      if (stopping.signal.aborted) reject(stopping.signal.reason)
      else if (printed === '') reject(new Error(`semantos ${words.join(' ')} ended with status ${status}`))
      else resolve(JSON.parse(printed))
    })
  })
}
