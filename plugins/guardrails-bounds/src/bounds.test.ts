import { describe, expect, it } from 'vitest'
import { brokenBy, verdictOn } from '../testing/proposal.js'

describe('bounds', () => {
  it('accepts both ends of the safe bounds and refuses the next values', async () => {
    const at = (value: number) => brokenBy({ 'vm.dirty_background_ratio': value }, { guardrails: [] }, { current: { 'vm.dirty_ratio': 60 } })
    expect(await at(1)).toEqual([])
    expect(await at(20)).toEqual([])
    expect(await at(0)).toEqual(['bounds vm.dirty_background_ratio'])
    expect(await at(21)).toEqual(['bounds vm.dirty_background_ratio'])
  })

  it('accepts a special value outside the bounds', async () => {
    expect(await brokenBy({ 'kernel.sched_rt_runtime_us': -1 }, { guardrails: [] })).toEqual([])
  })

  it('takes own bounds in place of the safe ones, wider or narrower', async () => {
    const bounds = { 'vm.swappiness': { min: 5, max: 20 }, 'net.core.somaxconn': { min: 1, max: 100_000 } }
    expect(await brokenBy({ 'vm.swappiness': 30 }, { bounds })).toEqual(['bounds vm.swappiness'])
    expect(await brokenBy({ 'net.core.somaxconn': 40_000 }, { bounds })).toEqual([])
    expect(await brokenBy({ 'net.core.somaxconn': 100_001 }, { bounds, guardrails: [] })).toEqual(['bounds net.core.somaxconn'])
  })

  it('holds every number of a vector to own bounds', async () => {
    const bounds = { 'net.ipv4.tcp_rmem': { min: 4096, max: 8_000_000 } }
    expect(await brokenBy({ 'net.ipv4.tcp_rmem': [4096, 131_072, 8_000_000] }, { bounds })).toEqual([])
    expect(await brokenBy({ 'net.ipv4.tcp_rmem': [4096, 131_072, 8_000_001] }, { bounds })).toEqual(['bounds net.ipv4.tcp_rmem'])
  })

  it('refuses own bounds for a knob that does not exist: they would guard nothing', async () => {
    const { violations } = await verdictOn({}, { bounds: { 'vm.swapiness': { min: 0, max: 10 } } })
    expect(violations).toMatchObject([{ rule: 'options', knob: null }])
    expect(violations[0]?.fix).toContain('vm.swappiness')
  })

  it('refuses own bounds with the ends the wrong way round', async () => {
    await expect(verdictOn({}, { bounds: { 'vm.swappiness': { min: 10, max: 0 } } })).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OPTIONS' })
  })

  it('leaves to the kernel what that refuses itself: unknown knobs, and values of another type', async () => {
    const refusedAlready = { 'vm.swapiness': 10, 'thp.enabled': 'sometimes', 'kernel.sched_autogroup_enabled': 2, 'net.ipv4.tcp_rmem': [131_072, 4096, 6_291_456] }
    expect(await brokenBy(refusedAlready, { guardrails: [] })).toEqual([])
  })

  it('refuses a knob that nobody has read, such as one of a device that is not there', async () => {
    expect(await brokenBy({ 'block.read_ahead_kb[sdz]': 128 })).toEqual(['unread_knob block.read_ahead_kb[sdz]'])
    expect(await brokenBy({ 'vm.swappiness[vda]': 10 })).toEqual(['unread_knob vm.swappiness[vda]'])
  })
})
