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
const CLI = join(import.meta.dirname, '..', '..', 'core', 'dist', 'semantos.js')
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
  const { goal = 'p95', config = 'semantos.config.ts', ...settings } = JSON.parse(readFileSync(join(name, 'experiment.json'), 'utf8').replaceAll('DISK', disk('/var/tmp')))
  const began = performance.now()
  const own = join(name, 'workload.yaml')
  const workload = existsSync(own) ? own : 'accept-queue/workload.yaml'
  const bench = await openBench(name, config, workload, stopping.signal)
  const before = bench.texts()
  let result = null
  try {
    result = await measure(bench, { name, goal, config, workload, ...settings })
  } catch (error) {
    say(name, error.message)
  } finally {
    await bench.close()
  }
  const changed = await left(before, name, config)
  say(name, changed.length === 0 ? 'every value is as it was, to the byte' : `LEFT CHANGED: ${changed.join(', ')}`)
  if (result === null) return false
  writeFileSync(join(name, 'result.json'), `${JSON.stringify({ ...result, left_changed: changed, minutes: (performance.now() - began) / 60_000 }, null, 2)}\n`)
  const good = isControl(settings) ? Object.keys(result.kept).length === 0 : result.share_of_best_pct >= LEAST_SHARE_PCT
  say(name, good ? 'passed' : 'FAILED')
  return good && changed.length === 0
}

async function measure(bench, { name, goal, config, workload, start, best }) {
  stopping.signal.throwIfAborted()
  await bench.set(start)
  say(name, `started from ${JSON.stringify(start)}`)
  const report = await tune(goal, config, workload)
  const kept = Object.fromEntries(report.kept.map(({ knob, value }) => [knob, value]))
  say(name, `kept ${JSON.stringify(kept)} after ${report.trials.length} trials`)
  const result = { name, goal, start, best, kept, trials: report.trials.length, outcome: report.outcome, cost: report.cost, noise: report.noise }
  return isControl({ best }) ? result : { ...result, ...(await verify(bench, goal, { start, kept, best }, (text) => say(name, text))) }
}

function isControl({ best }) {
  return Object.keys(best).length === 0
}

/** Which knobs do not read as they did. */
async function left(before, name, config) {
  const bench = await openBench(`${name}-after`, config, 'accept-queue/workload.yaml')
  try {
    const after = bench.texts()
    return [...before].filter(([ref, text]) => after.get(ref) !== text).map(([ref]) => ref)
  } finally {
    await bench.close()
  }
}

/** The real command, as a user would type it: the whole catalogue in scope, and no word about the knob. */
function tune(goal, config, workload) {
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
