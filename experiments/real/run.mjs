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

let stop = null
let underway = { abort: () => undefined }
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stop ??= new Error(`stopped by ${signal}`)
    underway.abort(stop)
  })
}

for (const name of names) {
  if (stop) break
  const passed = await experiment(name).catch((error) => {
    say(name, error.message)
    return false
  })
  if (!passed) process.exitCode = 1
}
for (const file of readdirSync('/var/tmp').filter((file) => file.startsWith('semantos-'))) rmSync(join('/var/tmp', file), { force: true })
if (!stop) writeTable(all)

async function experiment(name) {
  const { start, best, goal = 'p95', config = 'semantos.config.ts' } = JSON.parse(readFileSync(join(name, 'experiment.json'), 'utf8').replaceAll('DISK', disk('/var/tmp')))
  const began = performance.now()
  const workload = join(name, 'workload.yaml')
  const bench = await openBench(name, config, existsSync(workload) ? workload : 'accept-queue/workload.yaml')
  const before = bench.texts()
  let result
  try {
    underway = bench
    await bench.set(start)
    say(name, `started from ${JSON.stringify(start)}`)
    const report = await tune(name, goal, config, existsSync(workload) ? workload : 'accept-queue/workload.yaml')
    const kept = Object.fromEntries(report.kept.map(({ knob, value }) => [knob, value]))
    say(name, `kept ${JSON.stringify(kept)} after ${report.trials.length} trials`)
    result = { name, goal, start, best, kept, trials: report.trials.length, outcome: report.outcome, cost: report.cost, noise: report.noise }
    if (Object.keys(best).length > 0) result = { ...result, ...(await verify(bench, goal, { start, kept, best }, (text) => say(name, text))) }
  } finally {
    underway = { abort: () => undefined }
    await bench.close()
  }
  const changed = await left(before, name, config)
  result = { ...result, left_changed: changed, minutes: (performance.now() - began) / 60_000 }
  writeFileSync(join(name, 'result.json'), `${JSON.stringify(result, null, 2)}\n`)
  const good = Object.keys(best).length > 0 ? result.share_of_best_pct >= LEAST_SHARE_PCT : Object.keys(result.kept).length === 0
  say(name, `${good ? 'passed' : 'FAILED'}; ${changed.length === 0 ? 'every value is as it was, to the byte' : `LEFT CHANGED: ${changed.join(', ')}`}`)
  return good && changed.length === 0
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
function tune(name, goal, config, workload) {
  const state = mkdtempSync(join(tmpdir(), 'semantos-experiment-'))
  const words = ['tune', '--config', config, '--workload', workload, '--goal', goal, '--budget', String(TRIALS), '--apply', '--json', '--state-dir', state, '--kb', join(state, 'knowledge')]
  return new Promise((resolve, reject) => {
    // A session of its own, so that a Ctrl-C reaches it once, from here.
    const child = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    let printed = ''
    underway = { ...underway, abort: () => child.kill('SIGINT') }
    child.stdout.on('data', (data) => (printed += data))
    child.on('error', reject)
    child.on('close', (status) => {
      rmSync(state, { recursive: true, force: true })
      if (stop) reject(stop)
      else if (printed === '') reject(new Error(`semantos ${words.join(' ')} ended with status ${status}`))
      else resolve(JSON.parse(printed))
    })
  })
}
