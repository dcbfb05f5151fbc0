import { describe, expect, it } from 'vitest'
import { brokenBy } from '../testing/proposal.js'

describe('relations', () => {
  it('judges what would result, not the plan alone', async () => {
    const broken = await brokenBy({ 'kernel.sched_latency_ns': 10e6 }, {}, { current: { 'kernel.sched_min_granularity_ns': 12e6 } })
    expect(broken).toEqual(['relation kernel.sched_latency_ns'])
  })

  it('accepts a pair that moves together past the old values', async () => {
    expect(await brokenBy({ 'net.core.rmem_default': 8_000_000, 'net.core.rmem_max': 16_000_000 }, { max_factor: 100 })).toEqual([])
    expect(await brokenBy({ 'net.core.rmem_default': 8_000_000 }, { max_factor: 100 })).toEqual(['relation net.core.rmem_default'])
  })

  it('accepts equal values', async () => {
    expect(await brokenBy({ 'kernel.sched_min_granularity_ns': 20e6, 'kernel.sched_latency_ns': 20e6 })).toEqual([])
  })

  it('leaves alone what the plan does not touch', async () => {
    const current = { 'kernel.sched_min_granularity_ns': 20e6, 'kernel.sched_latency_ns': 10e6 }
    expect(await brokenBy({ 'vm.swappiness': 30 }, {}, { current })).toEqual([])
  })

  it('compares knobs of the same device', async () => {
    expect(await brokenBy({ 'cpufreq.scaling_min_freq[policy0]': 3_000_000 })).toEqual(['relation cpufreq.scaling_min_freq[policy0]'])
    expect(await brokenBy({ 'cpufreq.scaling_min_freq[policy0]': 2_000_000 })).toEqual([])
  })
})

describe('an upper bound', () => {
  it('binds nothing where its value is a special one, such as 0 for "no limit"', async () => {
    const current = { 'net.core.rmem_max': 0 }
    expect(await brokenBy({ 'net.core.rmem_default': 400_000 }, {}, { current })).toEqual([])
    expect(await brokenBy({ 'net.core.rmem_default': 400_000 }, {}, { current: { 'net.core.rmem_max': 1 } })).toEqual(['relation net.core.rmem_default'])
  })

  it('of the dirty limits is one violation, not two', async () => {
    expect(await brokenBy({ 'vm.dirty_background_ratio': 20, 'vm.dirty_ratio': 10 })).toEqual(['relation vm.dirty_ratio'])
  })
})

describe('exclusive', () => {
  it('refuses two knobs that reset each other, once', async () => {
    expect(await brokenBy({ 'vm.dirty_bytes': 2 ** 28, 'vm.dirty_background_bytes': 2 ** 26, 'vm.dirty_ratio': 25 })).toEqual(['exclusive vm.dirty_bytes'])
  })
})
