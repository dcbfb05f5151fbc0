import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Look } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

const SNAPSHOT = { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] }

/** One look with a trial for each p95. */
const look = (...p95s: number[]): Look => ({
  snapshot: SNAPSHOT,
  trials: p95s.map((p95_ms) => ({ latency: { p50_ms: 1, p95_ms, p99_ms: p95_ms, max_ms: p95_ms }, throughput_per_s: 1, requests: 1, errors: 0, counters: {}, unseen: [] })),
})

async function judge(before: Look, after: Look) {
  await using kit = await mount(plugin({ max_worse_pct: 10 }))
  const situation = { ...kit.cycle, snapshot: SNAPSHOT, current: new Map(), evidence: { edges: [], traces: [], documents: [] } }
  const proposal = { ...situation, plan: { recommendations: [], advice: [] }, resulting: new Map() }
  const step = { ...proposal, step: { knobs: ['vm.swappiness'], host_share: 1 }, look: 0, before, after, observations: [] }
  return await kit.kernel.hooks.judge.run({ decision: 'promote', reasons: [] }, step)
}

test('a step that makes it much worse is taken back', async () => {
  assert.deepEqual(await judge(look(100, 100), look(120, 130)), { decision: 'roll back', reasons: ['p95 is worse by 25.0%, more than 10%'] })
})

test('a step that does not is kept, with what was seen', async () => {
  assert.deepEqual(await judge(look(100), look(90)), { decision: 'promote', reasons: ['p95 changed by -10.0%'] })
})

test('without trials it leaves the judgement to others', async () => {
  assert.deepEqual(await judge(look(), look()), { decision: 'promote', reasons: [] })
})
