import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { definePlugin, z } from '@semantos/core'
import { TrialLog, measureAndTry as tune, TUNE_DEFAULTS } from '@semantos/engine'
import { mount } from '@semantos/plugin-kit'
import { expect, test } from 'vitest'

const options = z.strictObject({})

/** A process of this name that is busy for as long, says so, and stays. */
async function started(name: string, busyMs: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', `const until = Date.now() + ${busyMs}; while (Date.now() < until); console.log('ready'); setInterval(() => {}, 1e6)`], { argv0: name, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

/** Counts with a process of its own, one a trial. */
const tracing = definePlugin({
  name: 'tracing', stage: 'telemetry', api: 1, options,
  setup: ({ hooks }) => hooks.watch.tapPromise('trace', async (watch) => {
    const tracer = await started('tracer', 200)
    watch.atEnd(() => {
      tracer.kill('SIGKILL')
      return []
    })
  }),
})

/** Leaves a service running from its first trial on. */
const serving = definePlugin({
  name: 'serving', stage: 'workload', api: 1, options,
  setup({ hooks }) {
    let service: ChildProcess | null = null
    hooks.measure.tapPromise('trial', async ({ index }) => {
      service ??= await started('service', 0)
      return { latency: { p50_ms: 1, p95_ms: 10 + index / 100, p99_ms: 20, max_ms: 30 }, throughput_per_s: 1000, requests: 1000, errors: 0, counters: {} }
    })
    hooks.dispose.tapPromise('stop', () => void service?.kill('SIGKILL'))
  },
})

test('a tune counts what its plugins count with as its own, and not what its workload runs', async () => {
  await using kit = await mount([tracing(), serving()])
  const log = new TrialLog(join(mkdtempSync(join(tmpdir(), 'semantos-cost-')), 'trials.jsonl'))
  const { report } = await tune(kit.kernel, { ...TUNE_DEFAULTS, run: 'test', seed: 1, slo: { p95_ms: 120 }, knobs: ['*'], budget: { trials: 4, ms: Number.POSITIVE_INFINITY }, settleMs: 0, apply: false }, log)
  log.close()
  const { helpers, trial_cpu_pct: cpu, memory_mb: memory } = report.cost
  expect(helpers.names).toEqual(['tracer'])
  expect(helpers.trial_cpu_pct).toBeGreaterThan(10)
  expect(cpu).toBeGreaterThan(helpers.trial_cpu_pct)
  expect(helpers.memory_mb).toBeGreaterThan(20)
  expect(memory).toBeGreaterThan(helpers.memory_mb + 20)
})
