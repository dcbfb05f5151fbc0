import { rmSync } from 'node:fs'
import { machine as architecture } from 'node:os'
import { expect, it } from 'vitest'
import { fakeRoot } from '../../../../tests/faults/fake-root.js'
import { openHost } from '@semantos/host'
import { machineOf } from './machine.js'

async function machineWith(files: Readonly<Record<string, string>>) {
  const root = fakeRoot(files)
  await using host = openHost({ root })
  const machine = machineOf(host)
  rmSync(root, { recursive: true })
  return machine
}

const NAMES = { 'proc/sys/kernel/ostype': 'Linux', 'proc/sys/kernel/hostname': 'web1', 'proc/sys/kernel/osrelease': '6.18.0', 'proc/sys/kernel/version': '#1 SMP' }

it('tells what uname prints, with the architecture of this process where the kernel does not say', async () => {
  expect((await machineWith({ ...NAMES, 'proc/sys/kernel/arch': 'riscv64' })).uname).toBe('Linux web1 6.18.0 #1 SMP riscv64')
  expect((await machineWith(NAMES)).uname).toBe(`Linux web1 6.18.0 #1 SMP ${architecture()}`)
})

it('tells a guest by the flag of its processor, and not where the processor shows no flags', async () => {
  expect((await machineWith({ 'proc/cpuinfo': 'flags\t\t: fpu hypervisor lm' })).virtual).toBe(true)
  expect((await machineWith({ 'proc/cpuinfo': 'flags\t\t: fpu lm' })).virtual).toBe(false)
  expect((await machineWith({ 'proc/cpuinfo': 'Features\t: fp asimd' })).virtual).toBeNull()
  expect((await machineWith({ 'sys/hypervisor/type': 'xen' })).virtual).toBe(true)
})

it('lists what cpufreq offers, and nothing where there is none', async () => {
  const folder = 'sys/devices/system/cpu/cpufreq/policy0'
  expect(await machineWith({ [`${folder}/scaling_available_governors`]: 'performance schedutil ' })).toMatchObject({ governors: ['performance', 'schedutil'], energyPreferences: null })
  expect(await machineWith({})).toEqual({ cpuinfo: null, uname: null, virtual: null, governors: null, energyPreferences: null })
})
