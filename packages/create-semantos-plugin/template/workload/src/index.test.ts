import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

async function measure(path: string) {
  await using kit = await mount(plugin({ path, requests: 50 }), { root: { file: 'text\n' } })
  return await kit.kernel.hooks.measure.run({ index: 0, renew: [], arm: 'baseline', knobs: new Map() }, kit.cycle)
}

test('one trial: all requests, percentiles in order', async () => {
  const trial = await measure('/file')
  assert.equal(trial?.requests, 50)
  const { p50_ms, p95_ms, p99_ms, max_ms } = trial.latency
  assert.ok(0 <= p50_ms && p50_ms <= p95_ms && p95_ms <= p99_ms && p99_ms <= max_ms)
})

test('what cannot be measured is an error, not a fast trial', async () => {
  await assert.rejects(measure('/gone'), { code: 'SEMANTOS_E_WORKLOAD', place: '/gone' })
})
