import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SnapshotDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

/** One look at a host whose `/loadavg` holds this text. */
async function collect(text: string, path = '/loadavg') {
  await using kit = await mount(plugin({ path }), { root: { loadavg: text } })
  return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(new Date())
}

test('reads the file', async () => {
  const { metrics } = await collect('0.20 0.18 0.12 1/80 11206\n')
  assert.deepEqual(metrics, [{ name: 'example.threads', value: 80, unit: 'threads', source: '@acme/semantos-plugin' }])
})

test('a host without the file is a missing metric, not a crash', async () => {
  const { metrics, missing } = await collect('', '/gone')
  assert.deepEqual(metrics, [])
  assert.match(missing[0]?.reason ?? '', /ENOENT/)
})

test('nonsense is an error that names the file', async () => {
  await assert.rejects(collect('busy\n'), { code: 'SEMANTOS_E_DATA_INVALID', place: '/loadavg' })
})
