import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SemantosError } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

test('a fault is told with its code', async () => {
  await using kit = await mount(plugin({ prefix: 'night run' }))
  await kit.kernel.hooks.fault.run(new SemantosError('SEMANTOS_E_WORKLOAD', { message: 'the service is down' }), kit.cycle)
  assert.deepEqual(kit.logged, ['@acme/semantos-plugin: night run: SEMANTOS_E_WORKLOAD: the service is down'])
})

test('an option that nobody knows is refused', () => {
  const prepared = plugin(JSON.parse('{ "prefx": "x" }')).prepare()
  assert.equal(prepared.success, false)
})
