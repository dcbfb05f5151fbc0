import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReadingsDraft } from '@semantos/core/kernel'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

test('what is applied is read back, and what is undone is gone', async () => {
  await using kit = await mount([catalogue(), plugin()])
  const { hooks } = kit.kernel
  const swappiness = async () => {
    const { readings } = await hooks.read.run(new ReadingsDraft(kit.catalogue.matching(['vm.swappiness'])), kit.cycle)
    const reading = readings.get('vm.swappiness')
    return reading?.status === 'present' ? reading.value : undefined
  }
  assert.equal(await swappiness(), 60)

  const applied = await hooks.apply.run({ step: 1, changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }] }, kit.cycle)
  assert.deepEqual(applied, [{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 10 }])
  assert.equal(await swappiness(), 10)

  const undone = await hooks.undo.run({ step: 1, applied: applied ?? [] }, kit.cycle)
  assert.deepEqual(undone?.map(({ knob, outcome }) => [knob, outcome]), [['vm.swappiness', 'restored']])
  assert.equal(await swappiness(), 60)
})
