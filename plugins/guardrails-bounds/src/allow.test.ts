import { describe, expect, it } from 'vitest'
import { brokenBy } from '../testing/proposal.js'

describe('allow', () => {
  it('allows the whole catalogue by default', async () => {
    expect(await brokenBy({ 'vm.swappiness': 30, 'net.core.somaxconn': 8192 })).toEqual([])
  })

  it('allows only what a glob matches, as a whole', async () => {
    const allow = ['vm.dirty_*', 'net.core.somaxconn']
    expect(await brokenBy({ 'vm.dirty_ratio': 25, 'net.core.somaxconn': 8192 }, { allow })).toEqual([])
    expect(await brokenBy({ 'vm.swappiness': 30 }, { allow: ['swappiness', 'm.swap*', 'vm.swap'] })).toEqual(['allow vm.swappiness'])
  })

  it('takes every other character for itself', async () => {
    expect(await brokenBy({ 'vm.swappiness': 30 }, { allow: ['vm.[s]wappiness', '(vm.swappiness)', 'vm+swappiness', 'vm.swappines?'] })).toEqual(['allow vm.swappiness'])
    expect(await brokenBy({ 'vm.swappiness': 30 }, { allow: ['vmxswappiness'] })).toEqual(['allow vm.swappiness'])
  })

  it('matches a knob of a device by its name or by the whole reference', async () => {
    expect(await brokenBy({ 'block.read_ahead_kb[vda]': 1024 }, { allow: ['block.read_ahead_kb'] })).toEqual([])
    expect(await brokenBy({ 'block.read_ahead_kb[vda]': 1024 }, { allow: ['block.read_ahead_kb[vd*]'] })).toEqual([])
    expect(await brokenBy({ 'block.read_ahead_kb[vda]': 1024 }, { allow: ['block.read_ahead_kb[sd*]'] })).toEqual(['allow block.read_ahead_kb[vda]'])
  })
})
