import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EvidenceDraft } from '@semantos/core/kernel'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

async function retrieve(options: Parameters<typeof plugin>[0]) {
  await using kit = await mount([catalogue(), plugin(options)])
  const snapshot = { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] }
  const { documents } = (await kit.kernel.hooks.retrieve.run(new EvidenceDraft(), { ...kit.cycle, snapshot })).finish()
  return documents.filter(({ id }) => id.startsWith('note/'))
}

test('a note on a knob of the catalogue is evidence', async () => {
  assert.deepEqual(await retrieve({ notes: { 'vm.swappiness': 'low here' } }), [{ id: 'note/vm.swappiness', title: 'vm.swappiness', text: 'low here', source: 'notes of ours' }])
})

test('a note on anything else is left out', async () => {
  assert.deepEqual(await retrieve({ notes: { 'vm.no_such_knob': 'high' } }), [])
})

test('an empty note is refused', () => {
  assert.equal(plugin({ notes: { 'vm.swappiness': '' } }).prepare().success, false)
})
