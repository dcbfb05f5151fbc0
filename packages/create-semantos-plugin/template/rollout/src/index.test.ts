import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recommendation } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

const recommend = (knob: string): Recommendation => ({
  knob, value: 1, rationale: 'a test', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0, rules: [], edges: [], traces: [], documents: [], proposed_by: 'test', changed_by: [],
})

test('each knob is in a step of its own, in the order of the plan', async () => {
  await using kit = await mount(plugin())
  const snapshot = { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] }
  const situation = { ...kit.cycle, snapshot, current: new Map(), evidence: { edges: [], traces: [], documents: [] } }
  const steps = await kit.kernel.hooks.schedule.run({ recommendations: ['vm.swappiness', 'net.core.somaxconn'].map(recommend), advice: [] }, situation)
  assert.deepEqual(steps, [{ knobs: ['vm.swappiness'], host_share: 1 }, { knobs: ['net.core.somaxconn'], host_share: 1 }])
})
