import { describe, expect, test } from 'vitest'
import sysctl from '../../applier-sysctl/src/index.js'
import { applying } from '../../../tests/faults/applying.js'
import { fakeRoot, knobOf, textIn } from '../../../tests/faults/fake-root.js'
import sysfs from './index.js'

const choice = { kind: 'enum' as const, values: [{ value: 'none', meaning: 'none' }, { value: 'mq-deadline', meaning: 'deadline' }], brackets: true, open: false }
const knobs = [
  knobOf('vm.swappiness'),
  knobOf('block.scheduler', { where: { interface: 'sysfs', path: 'block/*/queue/scheduler', per: 'block-device' }, type: choice }),
  knobOf('sched.base_slice_ns', { where: { interface: 'debugfs', path: 'sched/base_slice_ns' } }),
]
const root = () => fakeRoot({
  'proc/sys/vm/swappiness': '60', 'sys/block/vda/queue/scheduler': 'none [mq-deadline]', 'sys/block/vdb/queue/scheduler': '[none] mq-deadline', 'sys/kernel/debug/sched/base_slice_ns': '3000000',
})

describe('applier-sysfs', () => {
  test('answers for sysfs, one device at a time, and for debugfs', async () => {
    await using kit = await applying([sysfs()], root(), knobs)
    const { readings } = await kit.read()
    expect([...readings.values()].map((reading) => [reading.knob, reading.status === 'present' && reading.value])).toEqual([
      ['block.scheduler[vda]', 'mq-deadline'], ['block.scheduler[vdb]', 'none'], ['sched.base_slice_ns', 3000000],
    ])
  })

  test('beside applier-sysctl, each has its own knobs', async () => {
    await using kit = await applying([sysctl(), sysfs()], root(), knobs)
    const { claims } = await kit.read()
    expect(Object.fromEntries(claims)).toEqual({
      'vm.swappiness': '@semantos/applier-sysctl', 'block.scheduler[vda]': '@semantos/applier-sysfs', 'block.scheduler[vdb]': '@semantos/applier-sysfs', 'sched.base_slice_ns': '@semantos/applier-sysfs',
    })
  })

  test('writes one device and leaves the other, and takes it back with the word that was chosen', async () => {
    const folder = root()
    await using kit = await applying([sysfs()], folder, knobs)
    const changes = [{ knob: 'block.scheduler[vda]', from: 'mq-deadline', to: 'none' }, { knob: 'sched.base_slice_ns', from: 3000000, to: 2000000 }]
    const applied = (await kit.kernel.hooks.apply.run({ step: 1, changes }, kit.cycle)) ?? []
    expect([textIn(folder, 'sys/block/vda/queue/scheduler'), textIn(folder, 'sys/block/vdb/queue/scheduler'), textIn(folder, 'sys/kernel/debug/sched/base_slice_ns')]).toEqual(['none', '[none] mq-deadline', '2000000'])
    const undone = await kit.kernel.hooks.undo.run({ step: 1, applied: applied.toReversed() }, kit.cycle)
    expect(undone?.map(({ knob, outcome }) => `${knob} ${outcome}`)).toEqual(['sched.base_slice_ns restored', 'block.scheduler[vda] restored'])
    expect(textIn(folder, 'sys/block/vda/queue/scheduler')).toBe('mq-deadline')
  })
})
