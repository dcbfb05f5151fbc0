// What a trial costs beside the workload itself: reading a million raw latencies, and a tune's own work, as its report says it.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mount } from '@semantos/plugin-kit'
import command from '../../plugins/workload-command/dist/index.js'
import { line, summary } from './stats.mjs'

const LATENCIES = 1_000_000
const ROUNDS = 5
const TUNES = 3
const TRIAL_S = 2
const BIN = fileURLToPath(new URL('../../packages/cli/dist/semantos.js', import.meta.url))

const base = mkdtempSync(join(tmpdir(), 'semantos-bench-'))
try {
  await latencies(join(base, 'latencies.jsonl'))
  const costs = Array.from({ length: TUNES }, (_, index) => tuneCost(join(base, `tune-${index}`)))
  console.log(line(`tune of ${TRIAL_S} s a trial, own CPU while trials ran`, summary(costs.map(({ trial_cpu_pct }) => trial_cpu_pct)), '% of a core', 2))
  console.log(line('tune, own CPU over all of it', summary(costs.map(({ cpu_pct }) => cpu_pct)), '% of a core', 2))
  console.log(line('tune, counters and record of a trial, its fsync included', summary(costs.map(({ bookkeeping_ms_per_trial }) => bookkeeping_ms_per_trial)), 'ms'))
  console.log(line('tune, changing values, a trial, fsyncs included', summary(costs.map(({ changing_ms_per_trial }) => changing_ms_per_trial)), 'ms'))
  console.log(line('tune, memory', summary(costs.map(({ memory_mb }) => memory_mb)), 'MB', 0))
} finally {
  rmSync(base, { recursive: true })
}

async function latencies(file) {
  const kit = await mount(command({ run: ['cat', file], parser: { name: 'jsonl' } }))
  const random = kit.cycle.random('latencies')
  writeFileSync(file, `${Array.from({ length: LATENCIES }, () => (1 + 50 * random() ** 8).toFixed(4)).join('\n')}\n`)
  const ms = []
  for (let round = 0; round <= ROUNDS; round++) {
    const from = performance.now()
    await kit.kernel.hooks.measure.run({ arm: 'baseline', index: round + 1, renew: [], knobs: new Map() }, kit.cycle)
    if (round > 0) ms.push(performance.now() - from)
  }
  await kit.kernel.dispose()
  console.log(line(`a trial of ${LATENCIES.toLocaleString('en')} raw latencies, cat and all`, summary(ms), 'ms', 0))
}

/** A tune that writes, syncs and samples as on a real host, in a recorded tree. */
function tuneCost(folder) {
  const root = join(folder, 'root')
  cpSync(new URL('../../plugins/telemetry-procfs/fixtures/vm-6.18', import.meta.url), root, { recursive: true })
  const files = { 'proc/sys/vm/swappiness': '60', 'proc/sys/net/core/somaxconn': '4096', 'proc/sys/kernel/random/boot_id': '11111111-2222-3333-4444-555555555555' }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${text}\n`)
  }
  const plugin = (name) => JSON.stringify(new URL(`../../plugins/${name}/dist/index.js`, import.meta.url).href)
  writeFileSync(join(folder, 'semantos.config.mjs'), `
import { host } from ${plugin('preset-host')}
import fixed from ${plugin('reasoning-fixed')}
import command from ${plugin('workload-command')}
export default {
  ...host(),
  reasoning: fixed({ rationale: 'a benchmark', values: { 'vm.swappiness': 10, 'net.core.somaxconn': 8192 } }),
  workload: command({ run: 'sleep ${TRIAL_S}; seq 1 1000', parser: { name: 'jsonl' }, fresh: ['next listen()'] }),
}`)
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'tune', '--root', root, '--state-dir', join(folder, 'state'), '--settle', '10ms', '--budget', '20', '--apply'], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const tunes = join(folder, '.semantos/results/tune')
  return JSON.parse(readFileSync(join(tunes, readdirSync(tunes)[0], 'tune.json'), 'utf8')).cost
}
