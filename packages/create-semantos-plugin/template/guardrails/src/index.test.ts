import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recommendation } from '@semantos/core'
import { VerdictDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

const recommend = (knob: string): Recommendation => ({
  knob, value: 1, rationale: 'a test', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0, rules: [], edges: [], traces: [], documents: [], proposed_by: 'test', changed_by: [],
})

async function guard(...knobs: string[]) {
  await using kit = await mount(plugin({ never: ['net.'] }))
  const snapshot = { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] }
  const situation = { ...kit.cycle, snapshot, current: new Map(), evidence: { edges: [], traces: [], documents: [] } }
  const plan = { recommendations: knobs.map(recommend), advice: [] }
  return (await kit.kernel.hooks.guard.run(new VerdictDraft(), { ...situation, plan, resulting: new Map(knobs.map((knob) => [knob, 1])) })).finish()
}

test('stops a plan with a knob that nobody may touch', async () => {
  const { allowed, violations } = await guard('vm.swappiness', 'net.core.somaxconn')
  assert.equal(allowed, false)
  assert.deepEqual(violations.map(({ rule, knob }) => [rule, knob]), [['never', 'net.core.somaxconn']])
})

test('lets any other plan pass', async () => {
  assert.equal((await guard('vm.swappiness')).allowed, true)
})

test('an option that is wrong is refused', () => {
  assert.equal(plugin({ never: [''] }).prepare().success, false)
})
