import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reading } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

const WAKEUP: Reading = { status: 'present', knob: 'kernel.sched_wakeup_granularity_ns', text: '4000000', value: 4_000_000, writable: true, live: false }

async function reason(p95_ms: number, readings: readonly Reading[] = [WAKEUP]) {
  await using kit = await mount(plugin(), { slo: { p95_ms: 120 } })
  const snapshot = { time: '2026-01-01T00:00:00Z', host: null, metrics: [{ name: 'p95_ms', value: p95_ms, unit: 'ms', source: 'test' }], missing: [] }
  const current = new Map(readings.map((reading) => [reading.knob, reading]))
  return await kit.kernel.hooks.reason.run({ recommendations: [], advice: [] }, { ...kit.cycle, snapshot, current, evidence: { edges: [], traces: [], documents: [] } })
}

test('recommends while the objective is missed, and says why', async () => {
  const [recommendation] = (await reason(180)).recommendations
  assert.equal(recommendation?.value, 3_000_000)
  assert.equal(recommendation.proposed_by, '@acme/semantos-plugin')
  assert.deepEqual(recommendation.cues, [{ metric: 'p95_ms', value: 180, because: 'above the objective (120)' }])
})

test('is silent where the objective is met, and where the host has no such knob', async () => {
  assert.deepEqual((await reason(100)).recommendations, [])
  assert.deepEqual((await reason(180, [])).recommendations, [])
})

test('an option that is wrong is refused', () => {
  assert.equal(plugin({ knob: '../etc/passwd' }).prepare().success, false)
})
