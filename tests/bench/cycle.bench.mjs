// One cycle of the default preset in one process, without trials, and 100,000 synthetic trials: their memory is constant when the peak of
// the last quarter is no higher than that of the second.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mount } from '@semantos/plugin-kit'
import { runCycle } from '@semantos/engine'
import { reproduction } from '../../plugins/preset-reproduction/dist/index.js'
import { line, summary } from './stats.mjs'

/** Cycles before the first that count, while V8 compiles what it has seen often, and how many count. */
const SPANS = [
  { name: 'one cycle without trials', from: 1000, count: 3000 },
  { name: 'the same in the first half second of a process', from: 200, count: 600 },
]
const TRIALS = Number(process.argv[2] ?? 100_000)

const preset = reproduction()
const slots = ['telemetry', 'knowledge', 'reasoning', 'guardrails', 'rollout', 'applier', 'monitoring', 'workload', 'evaluation']
const plugins = slots.flatMap((slot) => [preset[slot]].flat())
const settings = { run: 'bench', seed: 42, trials: 1, knobs: preset.knobs, slo: preset.slo, apply: false, planning: true, plan: null, settle: async () => undefined, emit: () => undefined }
const base = mkdtempSync(join(tmpdir(), 'semantos-bench-'))

const kit = await mount(plugins, { paths: { base, sandbox: join(base, 'sysctl.conf'), knowledge: join(base, 'kb'), results: join(base, 'results') }, timeLimitMs: 600_000 })
const times = []
for (let cycle = 0; cycle < Math.max(...SPANS.map(({ from, count }) => from + count)); cycle++) {
  const from = performance.now()
  await runCycle(kit.kernel, settings)
  times.push(performance.now() - from)
}
for (const { name, from, count } of SPANS) {
  const cycles = summary(times.slice(from, from + count))
  console.log(`${line(name, cycles, 'ms', 2)}, p99 ${cycles.p99.toFixed(2)} ms`)
}

const peaks = [0, 0, 0, 0]
const start = process.memoryUsage.rss()
const from = performance.now()
await runCycle(kit.kernel, {
  ...settings,
  planning: false,
  trials: TRIALS / 2,
  emit: ({ type, done }) => {
    if (type !== 'trial' || done % 100 !== 0) return
    const quarter = Math.min(3, Math.floor((4 * done) / TRIALS))
    peaks[quarter] = Math.max(peaks[quarter], process.memoryUsage.rss())
  },
})
const quarters = peaks.map((bytes) => (bytes / 1e6).toFixed(0)).join(', ')
console.log(`${TRIALS} synthetic trials`.padEnd(59) + `${((performance.now() - from) / 1000).toFixed(1)} s, ${(start / 1e6).toFixed(0)} MB before them, peaks of the quarters ${quarters} MB`)
await kit.kernel.dispose()
rmSync(base, { recursive: true })
