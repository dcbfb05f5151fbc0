import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Arm, Evaluation } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

const NOTHING: Evaluation = {
  trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing was measured',
}

async function evaluate(p95s: Record<Arm, readonly number[]>) {
  await using kit = await mount(plugin())
  const { hooks } = kit.kernel
  await hooks.start.run({ planning: false }, kit.cycle)
  for (const arm of ['baseline', 'tuned'] as const) {
    for (const [index, p95_ms] of p95s[arm].entries()) {
      const latency = { p50_ms: 1, p95_ms, p99_ms: p95_ms, max_ms: p95_ms }
      await hooks.trial.run({ index, arm, latency, throughput_per_s: 1, requests: 1, errors: 0, counters: {}, unseen: [] }, kit.cycle)
    }
  }
  return await hooks.evaluate.run(NOTHING, kit.cycle)
}

const SLOW = [100, 101, 102, 103, 104, 105, 106, 107]
const FAST = [80, 81, 82, 83, 84, 85, 86, 87]

test('faster is better, slower is worse', async () => {
  assert.equal((await evaluate({ baseline: SLOW, tuned: FAST })).verdict, 'better')
  assert.equal((await evaluate({ baseline: FAST, tuned: SLOW })).verdict, 'worse')
})

test('the same is inconclusive', async () => {
  assert.equal((await evaluate({ baseline: SLOW, tuned: SLOW })).verdict, 'inconclusive')
})

test('without trials nothing is claimed', async () => {
  assert.equal((await evaluate({ baseline: [], tuned: [] })).verdict, 'not measured')
})
