import { describe, expect, test } from 'vitest'
import { applying } from '../../../tests/faults/applying.js'
import { fakeRoot, knobOf, textIn } from '../../../tests/faults/fake-root.js'
import sysctl from './index.js'

const knobs = [
  knobOf('vm.swappiness'),
  knobOf('kernel.sched_latency_ns', { versions: { since: null, until: '5.13', successor: 'sched.latency_ns' } }),
  knobOf('sched.latency_ns', { where: { interface: 'debugfs', path: 'sched/latency_ns' } }),
]
const root = () => fakeRoot({ 'proc/sys/vm/swappiness': '60', 'proc/sys/kernel/osrelease': '6.18.44' })

describe('applier-sysctl', () => {
  test('answers for what lies under /proc/sys, also for what this kernel lacks', async () => {
    await using kit = await applying([sysctl()], root(), knobs)
    const { readings } = await kit.read()
    expect(Object.fromEntries(readings)).toEqual({
      'vm.swappiness': { status: 'present', knob: 'vm.swappiness', text: '60', value: 60, writable: true, live: true },
      'kernel.sched_latency_ns': { status: 'unavailable', knob: 'kernel.sched_latency_ns', reason: 'left the kernel in 5.13; this is 6.18.44', successor: 'sched.latency_ns' },
    })
  })

  test('writes a batch, and takes it back', async () => {
    const folder = root()
    await using kit = await applying([sysctl()], folder, knobs)
    const applied = await kit.kernel.hooks.apply.run({ step: 1, changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }] }, kit.cycle)
    expect(applied).toEqual([{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 10 }])
    expect(textIn(folder, 'proc/sys/vm/swappiness')).toBe('10')
    expect(await kit.kernel.hooks.undo.run({ step: 1, applied: applied ?? [] }, kit.cycle)).toEqual([{ knob: 'vm.swappiness', outcome: 'restored', now: 60, detail: '' }])
    expect(textIn(folder, 'proc/sys/vm/swappiness')).toBe('60')
  })

  test('without leave to write refuses, and says what is missing', async () => {
    const folder = root()
    await using kit = await applying([sysctl()], folder, knobs, 'look')
    await expect(kit.kernel.hooks.apply.run({ step: 1, changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }] }, kit.cycle)).rejects.toMatchObject({ code: 'SEMANTOS_E_APPLY_REFUSED' })
    expect(textIn(folder, 'proc/sys/vm/swappiness')).toBe('60')
  })

  test('stops when its time is up, and leaves nothing half-done', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `vm.knob_${index}`)
    const texts = (folder: string) => many.map((name) => textIn(folder, `proc/sys/${name.replace('.', '/')}`))
    const folder = fakeRoot(Object.fromEntries(many.map((name) => [`proc/sys/${name.replace('.', '/')}`, '1'])))
    await using kit = await applying([sysctl()], folder, many.map((name) => knobOf(name)), 'apply', 1)
    const step = kit.kernel.hooks.apply.run({ step: 1, changes: many.map((knob) => ({ knob, from: 1, to: 2 })) }, kit.cycle)
    await expect(step).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT', plugin: '@semantos/applier-sysctl' })
    expect(texts(folder)).toContain('1')
    await kit.kernel.dispose()
    expect(texts(folder)).toEqual(many.map(() => '1'))
  })

  test('is not closed before the write under way has ended and been taken back', async () => {
    const folder = fakeRoot({ 'proc/sys/vm/a': '1', 'proc/sys/vm/b': '1' })
    const kit = await applying([sysctl()], folder, [knobOf('vm.a'), knobOf('vm.b')], 'apply')
    const changes = ['vm.a', 'vm.b'].map((knob) => ({ knob, from: 1, to: 2 }))
    const step = kit.kernel.hooks.apply.run({ step: 1, changes }, kit.cycle).catch((error: unknown) => error)
    await kit.kernel.dispose()
    expect([textIn(folder, 'proc/sys/vm/a'), textIn(folder, 'proc/sys/vm/b')]).toEqual(['1', '1'])
    await step
  })
})
