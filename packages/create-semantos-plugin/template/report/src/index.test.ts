import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RunReport } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

const REPORT: RunReport = {
  schema_version: 1, run: 'test', time: '2026-01-01T00:00:00Z', seed: 42, workload: null, slo: { p95_ms: 120 }, outcome: 'applied',
  snapshot: { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] },
  evidence: { edges: [], traces: [], documents: [] }, readings: [], plan: { recommendations: [], advice: [] },
  verdict: { allowed: true, guards: [], violations: [] },
  changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }, { knob: 'net.ipv4.tcp_rmem', from: [4096, 131072, 6291456], to: [4096, 131072, 33554432] }],
  steps: [], undone: [], post_p95_ms: null, plugins: [],
  evaluation: { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing was measured' },
}

test('each change is a line', async () => {
  await using kit = await mount(plugin())
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  await kit.kernel.hooks.report.run(REPORT, kit.cycle)
  assert.equal(readFileSync(join(kit.paths.results, 'changes.txt'), 'utf8'), 'applied\nvm.swappiness: 60 -> 10\nnet.ipv4.tcp_rmem: 4096 131072 6291456 -> 4096 131072 33554432\n')
})

test('a file that cannot be written is told at the start', async () => {
  await using kit = await mount(plugin({ file: join(import.meta.filename, 'changes.txt') }))
  await assert.rejects(kit.kernel.hooks.start.run({ planning: false }, kit.cycle), { code: 'SEMANTOS_E_WRITE_FAILED' })
})
