import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SnapshotDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import entropy from './index.js'

/** One look at a host whose `/avail` holds this text. */
async function collect(text: string, path = '/avail') {
  await using kit = await mount(entropy({ path }), { root: { avail: text } })
  return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(new Date())
}

test('reads the pool', async () => {
  const { metrics } = await collect('256\n')
  assert.deepEqual(metrics, [{ name: 'entropy.available_bits', value: 256, unit: 'bits', source: '@acme/semantos-telemetry-entropy' }])
})

test('a kernel without the file is a missing metric, not a crash', async () => {
  const { metrics, missing } = await collect('256\n', '/gone')
  assert.deepEqual(metrics, [])
  assert.match(missing[0]?.reason ?? '', /ENOENT/)
})

test('nonsense is an error that names the file', async () => {
  await assert.rejects(collect('much\n'), { code: 'SEMANTOS_E_DATA_INVALID', place: '/avail' })
})

test('an option that is wrong is refused', () => {
  assert.equal(entropy({ path: 'relative' }).prepare().success, false)
})
