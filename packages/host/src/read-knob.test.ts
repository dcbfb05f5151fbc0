import { chmodSync, existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { geteuid } from 'node:process'
import { describe, expect, test } from 'vitest'
import { fakeRoot, knobOf } from '../../../tests/faults/fake-root.js'
import type { Knob } from '@semantos/core'
import { KnobReader } from './read-knob.js'
import { FileReader } from './reader.js'

function read(root: string, knob: Knob, insideNetns = false) {
  return new KnobReader(new FileReader(root), insideNetns).read(knob)
}

const readAhead = knobOf('block.read_ahead_kb', { where: { interface: 'sysfs', path: 'block/*/queue/read_ahead_kb', per: 'block-device' } })
const idleState = knobOf('cpuidle.disable', { where: { interface: 'sysfs', path: 'devices/system/cpu/*/cpuidle/*/disable', per: 'cpu-idle-state' } })

describe('a knob that is there', () => {
  test('has the exact text, the value, and says that it can be written', () => {
    const root = fakeRoot({ 'proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t6291456' })
    const range = { min: 0, max: 1e9 }
    const fields = ['min', 'default', 'max'].map((name) => ({ name, range, safe: range }))
    const knob = knobOf('net.ipv4.tcp_rmem', { type: { kind: 'vector', unit: 'bytes', ascending: true, fields } })
    expect(read(root, knob)).toEqual([
      { status: 'present', knob: 'net.ipv4.tcp_rmem', text: '4096\t131072\t6291456', value: [4096, 131072, 6291456], writable: true, live: true },
    ])
  })

  test('one switch of a file with many is found by its words, and is absent where the file has neither', () => {
    const root = fakeRoot({ 'sys/kernel/debug/sched/features': 'PLACE_LAG NO_HRTICK TTWU_QUEUE ' })
    const feature = (word: string) => knobOf(`sched.features.${word.toLowerCase()}`, {
      where: { interface: 'debugfs', path: 'sched/features' }, type: { kind: 'boolean', off: `NO_${word}`, on: word, among_others: true },
    })
    expect(read(root, feature('PLACE_LAG'))).toMatchObject([{ status: 'present', text: 'PLACE_LAG', value: 1 }])
    expect(read(root, feature('HRTICK'))).toMatchObject([{ status: 'present', text: 'NO_HRTICK', value: 0 }])
    expect(read(root, feature('QUEUE'))).toMatchObject([{ status: 'unavailable', reason: '/sys/kernel/debug/sched/features has no NO_QUEUE or QUEUE here' }])
  })

  test('a file without write bits cannot be written, whoever asks', () => {
    const root = fakeRoot({ 'proc/sys/vm/a': '1' })
    chmodSync(join(root, 'proc/sys/vm/a'), 0o444)
    expect(read(root, knobOf('vm.a'))).toMatchObject([{ status: 'present', writable: false }])
  })

  test('is read on every device that has the file, and only there', () => {
    const root = fakeRoot({ 'sys/block/vda/queue/read_ahead_kb': '128', 'sys/block/vdb/queue/read_ahead_kb': '256', 'sys/block/loop0/size': '0' })
    expect(read(root, readAhead)).toMatchObject([
      { knob: 'block.read_ahead_kb[vda]', value: 128 },
      { knob: 'block.read_ahead_kb[vdb]', value: 256 },
    ])
  })

  test('two stars are joined by a colon, and one device is found among many', () => {
    const root = fakeRoot({
      'sys/devices/system/cpu/cpu0/cpuidle/state0/disable': '0',
      'sys/devices/system/cpu/cpu0/cpuidle/state1/disable': '1',
      'sys/devices/system/cpu/cpu1/cpuidle/state0/disable': '0',
    })
    expect(read(root, idleState).map((reading) => reading.knob)).toEqual(['cpuidle.disable[cpu0:state0]', 'cpuidle.disable[cpu0:state1]', 'cpuidle.disable[cpu1:state0]'])
    const reader = new KnobReader(new FileReader(root), false)
    expect(reader.readAt(idleState, 'cpuidle.disable[cpu0:state1]', 'cpu0:state1')).toMatchObject({ status: 'present', value: 1 })
    expect(reader.readAt(idleState, 'cpuidle.disable[cpu0]', 'cpu0')).toMatchObject({ status: 'unavailable' })
  })

  test('a device whose own name has a colon keeps it', () => {
    const root = fakeRoot({ 'sys/bus/pci/devices/0000:00:1f.2/x': '1' })
    expect(read(root, knobOf('pci.x', { where: { interface: 'sysfs', path: 'bus/pci/devices/*/x', per: 'module' } }))).toMatchObject([{ knob: 'pci.x[0000:00:1f.2]' }])
  })

  test('a device whose name no reference can hold is left out', () => {
    const root = fakeRoot({ 'sys/block/cciss!c0d0/queue/read_ahead_kb': '128', 'sys/block/vda/queue/read_ahead_kb': '1' })
    expect(read(root, readAhead).map((reading) => reading.knob)).toEqual(['block.read_ahead_kb[vda]'])
  })
})

describe('a knob that is not there', () => {
  const release = { 'proc/sys/kernel/osrelease': '6.18.44-generic' }
  const gone = { since: '2.6', until: '5.13', successor: 'sched.latency_ns' }

  test('was removed: says since when, and names the successor', () => {
    expect(read(fakeRoot(release), knobOf('kernel.sched_latency_ns', { versions: gone }))).toEqual([
      { status: 'unavailable', knob: 'kernel.sched_latency_ns', reason: 'left the kernel in 5.13; this is 6.18.44-generic', successor: 'sched.latency_ns' },
    ])
  })

  test('on an older kernel that should have it, the successor is not the answer', () => {
    const [reading] = read(fakeRoot({ 'proc/sys/kernel/osrelease': '5.4.0' }), knobOf('kernel.sched_latency_ns', { versions: gone, needs: ['smp'] }))
    expect(reading).toMatchObject({ status: 'unavailable', reason: 'no /proc/sys/kernel/sched_latency_ns here; it needs smp', successor: null })
  })

  test('is younger than this kernel', () => {
    const [reading] = read(fakeRoot(release), knobOf('vm.new', { versions: { since: '6.20', until: null, successor: null } }))
    expect(reading).toMatchObject({ reason: 'came with kernel 6.20; this is 6.18.44-generic' })
  })

  test('exists only outside the network namespace', () => {
    const [reading] = read(fakeRoot(release), knobOf('net.core.x', { where: { netns: 'host-only' } }), true)
    expect(reading).toMatchObject({ status: 'unavailable', reason: "exists only in the host's own network namespace" })
  })

  test('no device has it', () => {
    expect(read(fakeRoot(release), readAhead)).toMatchObject([{ status: 'unavailable', knob: 'block.read_ahead_kb', reason: 'no /sys/block/*/queue/read_ahead_kb here' }])
  })
})

describe('a knob that is barred', () => {
  test('links out of its interface', () => {
    const root = fakeRoot({ 'etc/vm/a': '1' })
    symlinkSync('../../etc/vm', join(root, 'proc/sys/vm'))
    expect(read(root, knobOf('vm.a'))).toMatchObject([{ status: 'not permitted', reason: `sysctl file "vm/a" is refused: its folder is a link to ${root}/etc/vm, outside ${root}/proc/sys` }])
  })

  test('shows nothing that is a value', () => {
    expect(read(fakeRoot({ 'proc/sys/vm/a': '' }), knobOf('vm.a'))).toMatchObject([{ status: 'not permitted', reason: 'shows no value: ""' }])
  })

  test('shows the host where a namespace was asked for', () => {
    const root = fakeRoot({ 'sys/class/net/eth0/mtu': '1500' })
    const mtu = knobOf('net.mtu', { where: { interface: 'sysfs', path: 'class/net/*/mtu', per: 'net-device' } })
    expect(read(root, mtu)).toMatchObject([{ status: 'present' }])
    expect(read(root, mtu, true)).toMatchObject([{ status: 'not permitted' }])
  })

  test.skipIf(!existsSync('/proc/sys/vm/compact_memory') || geteuid?.() !== 0)('is write-only on a real kernel (needs root, and a kernel with compaction)', () => {
    expect(read('/', knobOf('vm.compact_memory'))).toMatchObject([{ status: 'not permitted', reason: 'can only be written, not read (EACCES)' }])
  })
})

test('versions are ordered by number, not by letter', () => {
  const root = fakeRoot({ 'proc/sys/kernel/osrelease': '6.6.1-rc1' })
  const knob = (until: string) => knobOf('vm.a', { versions: { since: null, until, successor: 'vm.b' } })
  expect(read(root, knob('6.18'))).toMatchObject([{ successor: null }])
  expect(read(root, knob('6.6'))).toMatchObject([{ successor: 'vm.b' }])
})
