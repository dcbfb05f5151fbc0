import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Applied, Knob, KnobValue } from '@semantos/core'
import { applying } from '../../../tests/faults/applying.js'
import { fakeRoot, knobOf, textIn } from '../../../tests/faults/fake-root.js'
import dropin, { removals } from './index.js'

const device = (path: string) => ({ interface: 'sysfs' as const, path, per: 'block-device' as const })
const choice = { kind: 'enum' as const, values: [{ value: 'none', meaning: 'none' }], brackets: true, open: true }
const knobs: readonly Knob[] = [
  knobOf('vm.swappiness', { persist: 'sysctl.d' }),
  knobOf('net.ipv4.neigh.gc_stale_time', { where: { path: 'net/ipv4/neigh/*/gc_stale_time', per: 'net-device' }, persist: 'sysctl.d' }),
  knobOf('block.scheduler', { where: device('block/*/queue/scheduler'), type: choice, persist: 'udev' }),
  knobOf('thp.enabled', { where: { interface: 'sysfs', path: 'kernel/mm/transparent_hugepage/enabled' }, type: choice, persist: 'tmpfiles' }),
  knobOf('vm.passing', { persist: 'none' }),
]

const applied = (knob: string, stored: KnobValue): Applied => ({ knob, before: 0, wanted: stored, stored })
const SYSCTL = 'etc/sysctl.d/99-semantos.conf'
const UDEV = 'etc/udev/rules.d/99-semantos.rules'
const TMPFILES = 'etc/tmpfiles.d/semantos.conf'

function linesIn(root: string, path: string): string[] {
  return textIn(root, path).split('\n').filter((line) => !line.startsWith('#'))
}

describe('applier-dropin', () => {
  test('keeps each value where it is set again at boot', async () => {
    const root = fakeRoot({})
    await using kit = await applying([dropin()], root, knobs)
    await kit.kernel.hooks.persist.run([
      applied('vm.swappiness', 10), applied('net.ipv4.neigh.gc_stale_time[eth0.100]', 30), applied('block.scheduler[vda]', 'none'), applied('thp.enabled', '100%\\x'), applied('vm.passing', 1),
    ], kit.cycle)
    expect(linesIn(root, SYSCTL)).toEqual(['net/ipv4/neigh/eth0.100/gc_stale_time = 30', 'vm.swappiness = 10'])
    expect(linesIn(root, UDEV)).toEqual(['ACTION=="add|change", SUBSYSTEM=="block", KERNEL=="vda", ATTR{queue/scheduler}="none"'])
    expect(linesIn(root, TMPFILES)).toEqual(['w /sys/kernel/mm/transparent_hugepage/enabled - - - - 100%%\\\\x'])
    expect(kit.logged).toEqual(['@semantos/applier-dropin: vm.passing will be lost at the next restart: the catalogue says that it should not be set at boot'])
  })

  test('keeps what earlier runs have kept, and sets anew what is set anew', async () => {
    const root = fakeRoot({})
    await using kit = await applying([dropin()], root, knobs)
    await kit.kernel.hooks.persist.run([applied('vm.swappiness', 10), applied('block.scheduler[vda]', 'none')], kit.cycle)
    await kit.kernel.hooks.persist.run([applied('vm.swappiness', 20), applied('block.scheduler[vdb]', 'kyber')], kit.cycle)
    expect(linesIn(root, SYSCTL)).toEqual(['vm.swappiness = 20'])
    expect(linesIn(root, UDEV).map((line) => /KERNEL=="(\w+)".*="(\w+)"/.exec(line)?.slice(1))).toEqual([['vda', 'none'], ['vdb', 'kyber']])
  })

  test('is undone with the run: what was there before comes back', async () => {
    const root = fakeRoot({ [SYSCTL]: 'vm.swappiness = 42' })
    const kit = await applying([dropin()], root, knobs)
    await kit.kernel.hooks.persist.run([applied('vm.swappiness', 10), applied('thp.enabled', 'never')], kit.cycle)
    expect(linesIn(root, SYSCTL)).toEqual(['vm.swappiness = 10'])
    await kit.kernel.dispose()
    expect(textIn(root, SYSCTL)).toBe('vm.swappiness = 42')
    expect(existsSync(join(root, TMPFILES))).toBe(false)
  })

  test('stays after a commit, and can be removed', async () => {
    const root = fakeRoot({})
    const kit = await applying([dropin({ number: 60 })], root, knobs)
    await kit.kernel.hooks.persist.run([applied('vm.swappiness', 10)], kit.cycle)
    kit.run?.commit()
    await kit.kernel.dispose()
    expect(existsSync(join(root, 'etc/sysctl.d/60-semantos.conf'))).toBe(true)
    await using looking = await applying([dropin()], root, knobs, 'look')
    expect(removals(looking.kernel.host, 60)).toEqual([{ path: '/etc/sysctl.d/60-semantos.conf', text: null }])
  })

  test('without leave to write refuses', async () => {
    const root = fakeRoot({})
    await using kit = await applying([dropin()], root, knobs, 'look')
    await expect(kit.kernel.hooks.persist.run([applied('vm.swappiness', 10)], kit.cycle)).rejects.toMatchObject({ code: 'SEMANTOS_E_APPLY_REFUSED' })
  })

  test('answers for no knob', async () => {
    await using kit = await applying([dropin()], fakeRoot({ 'proc/sys/vm/swappiness': '1' }), knobs)
    expect((await kit.read()).readings.size).toBe(0)
  })
})

describe('other files that set the same', () => {
  test('are named, with who wins: later names do, whatever their folder, and a file hides one of its name', async () => {
    const root = fakeRoot({
      'usr/lib/sysctl.d/10-default.conf': '# vendor\nvm.swappiness = 1',
      'usr/lib/sysctl.d/99-zz.conf': 'vm.swappiness = 2',
      'run/sysctl.d/99-zz.conf': '-vm/swappiness=3',
      'etc/sysctl.d/99-sysctl.conf': 'vm.* = 4\nkernel.panic = 1',
      'etc/sysctl.conf': '; old\nvm.swappiness =5',
    })
    await using kit = await applying([dropin()], root, knobs)
    await kit.kernel.hooks.persist.run([applied('vm.swappiness', 10)], kit.cycle)
    const they = 'it is read later, and wins at the next restart'
    expect(kit.logged.map((line) => line.replace('@semantos/applier-dropin: ', ''))).toEqual([
      '/usr/lib/sysctl.d/10-default.conf sets vm.swappiness = 1 as well; it is read earlier, and ours wins',
      `/etc/sysctl.d/99-sysctl.conf sets vm.swappiness = 4 as well; ${they}`,
      `/run/sysctl.d/99-zz.conf sets vm.swappiness = 3 as well; ${they}`,
      `/etc/sysctl.conf sets vm.swappiness = 5 as well; ${they}`,
    ])
  })

  test('a pattern that is none breaks nothing', async () => {
    const root = fakeRoot({ 'etc/sysctl.d/50-odd.conf': 'vm.[swap = 4\n=\nvm.(x)* = 1\nnonsense' })
    await using kit = await applying([dropin()], root, knobs)
    await kit.kernel.hooks.persist.run([applied('vm.swappiness', 10)], kit.cycle)
    expect(kit.logged).toEqual([])
  })
})
