import { describe, expect, it } from 'vitest'
import { planText, read, report } from '../../../../tests/exchange/exporting.js'

describe('what is exported', () => {
  it('are the changes of a plan, with their files and their reasons', () => {
    const { items, origin } = read(planText([
      { knob: 'vm.swappiness', from: 60, to: 10, rationale: 'less swapping' },
      { knob: 'cpuidle.state_disable[cpu0:state1]', from: 0, to: 1 },
      { knob: 'zswap.enabled', from: 0, to: 1 },
      { knob: 'net.ipv4.tcp_rmem', from: [1, 2, 3], to: [4096, 131072, 6291456] },
    ]))
    expect(origin).toBe('a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z')
    expect(items.map(({ ref, file, text, why }) => [ref, file, text, why])).toEqual([
      ['vm.swappiness', '/proc/sys/vm/swappiness', '10', 'less swapping'],
      ['cpuidle.state_disable[cpu0:state1]', '/sys/devices/system/cpu/cpu0/cpuidle/state1/disable', '1', 'because'],
      ['zswap.enabled', '/sys/module/zswap/parameters/enabled', 'Y', 'because'],
      ['net.ipv4.tcp_rmem', '/proc/sys/net/ipv4/tcp_rmem', '4096 131072 6291456', 'because'],
    ])
  })

  it('come in the order in which the kernel takes them', () => {
    const { items } = read(planText([{ knob: 'vm.dirty_background_ratio', from: 10, to: 30 }, { knob: 'vm.dirty_ratio', from: 20, to: 40 }]))
    expect(items.map(({ ref }) => ref)).toEqual(['vm.dirty_ratio', 'vm.dirty_background_ratio'])
    expect(items[0]?.along).toEqual(['/proc/sys/vm/dirty_bytes'])
  })

  it('are what a run left applied, as the kernel stored it, or what one that was only planned would change', () => {
    expect(read(report('applied')).items).toMatchObject([{ ref: 'vm.swappiness', from: 60, to: 11, why: 'less swapping' }])
    expect(read(report('dry run')).items).toMatchObject([{ ref: 'vm.swappiness', from: 60, to: 10, why: 'less swapping' }])
    expect(read(report('dry run')).origin).toBe('run r1 of 2026-01-01T00:00:00Z')
  })

  it.each(['rolled back', 'refused'])('are not those of a run that was %s', (outcome) => {
    expect(() => read(report(outcome))).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_DATA_INVALID', place: 'plan.json', message: `nothing of run r1 stands: it was ${outcome}` }))
  })

  it.each([
    ['SEMANTOS_E_DATA_INVALID', '{', 'this is not JSON'],
    ['SEMANTOS_E_DATA_INVALID', '[]', 'neither a plan nor the report of a run'],
    ['SEMANTOS_E_DATA_INVALID', '{"kind":"other"}', 'neither a plan nor the report of a run'],
    ['SEMANTOS_E_KNOB_UNKNOWN', planText([{ knob: 'vm.nothing', from: 1, to: 2 }]), 'vm.nothing is not in the catalogue'],
    ['SEMANTOS_E_KNOB_VALUE', planText([{ knob: 'vm.swappiness', from: 1, to: 9999 }]), 'is outside what the kernel accepts'],
    ['SEMANTOS_E_DATA_INVALID', planText([{ knob: 'block.scheduler[..]', from: 'none', to: 'bfq' }]), 'must be a knob name'],
    ['SEMANTOS_E_PATH_REFUSED', planText([{ knob: 'block.scheduler', from: 'none', to: 'bfq' }]), 'its device is not one of the knob'],
    ['SEMANTOS_E_PATH_REFUSED', planText([{ knob: 'vm.swappiness[sda]', from: 1, to: 2 }]), 'its device is not one of the knob'],
    ['SEMANTOS_E_PATH_REFUSED', planText([{ knob: 'cpuidle.state_disable[cpu0]', from: 0, to: 1 }]), 'its device is not one of the knob'],
  ])('%s for %s', (code, text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code, place: 'plan.json' }))
    expect(() => read(text)).toThrow(message)
  })
})
