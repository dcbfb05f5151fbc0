import { describe, expect, it } from 'vitest'
import { brokenBy } from '../testing/proposal.js'

describe('dirty limits', () => {
  it('refuses a background ratio above the other', async () => {
    expect(await brokenBy({ 'vm.dirty_ratio': 8 })).toEqual(['relation vm.dirty_ratio'])
    expect(await brokenBy({ 'vm.dirty_ratio': 8, 'vm.dirty_background_ratio': 8 })).toEqual([])
  })

  it('refuses a background limit in bytes above the other', async () => {
    expect(await brokenBy({ 'vm.dirty_bytes': 2 ** 26, 'vm.dirty_background_bytes': 2 ** 27 })).toEqual(['relation vm.dirty_bytes'])
    expect(await brokenBy({ 'vm.dirty_bytes': 2 ** 27, 'vm.dirty_background_bytes': 2 ** 26 })).toEqual([])
  })

  it('compares bytes with a ratio by the memory of the host', async () => {
    const plan = { 'vm.dirty_bytes': 2 ** 28 }
    expect(await brokenBy(plan)).toEqual(['relation vm.dirty_bytes'])
    expect(await brokenBy(plan, {}, { metrics: { 'memory.available_bytes': 2 ** 31 } })).toEqual([])
  })

  it('says what it cannot compare where the memory is unknown', async () => {
    expect(await brokenBy({ 'vm.dirty_bytes': 2 ** 28 }, { guardrails: [] }, { host: null })).toEqual(['relation vm.dirty_bytes'])
    expect(await brokenBy({ 'vm.dirty_bytes': 2 ** 28 }, { guardrails: [], assumed_memory_bytes: 2 ** 31 }, { host: null })).toEqual([])
  })

  it('knows that writing a ratio turns the bytes off', async () => {
    const current = { 'vm.dirty_bytes': 2 ** 25, 'vm.dirty_ratio': 0 }
    expect(await brokenBy({ 'vm.dirty_ratio': 20 }, { guardrails: [] }, { current })).toEqual([])
  })
})
