import { describe, expect, it } from 'vitest'
import { HOST, brokenBy, verdictOn } from '../testing/proposal.js'

const GIB = 2 ** 30
const only = { guardrails: ['no_oom' as const] }

describe('no_oom', () => {
  it('holds dirty pages to half of the available memory, in percent or in bytes', async () => {
    expect(await brokenBy({ 'vm.dirty_ratio': 50 }, only)).toEqual([])
    expect(await brokenBy({ 'vm.dirty_ratio': 51 }, only)).toEqual(['no_oom vm.dirty_ratio'])
    const plan = { 'vm.dirty_bytes': 3 * GIB, 'vm.dirty_background_bytes': GIB }
    expect(await brokenBy(plan, only)).toEqual([])
    expect(await brokenBy(plan, only, { metrics: { 'memory.available_bytes': 5 * GIB } })).toEqual(['no_oom vm.dirty_bytes'])
  })

  it('says how much it would be and how much is allowed', async () => {
    const { violations } = await verdictOn({ 'vm.dirty_ratio': 55 }, only)
    expect(violations).toMatchObject([
      {
        message: 'vm.dirty_ratio = 55: what dirty pages may fill of the available memory would be 55%, and at most 50% is allowed',
        fix: 'Change vm.dirty_ratio less, or move the option max_dirty_share, now 50%.',
      },
    ])
  })

  it('does not refuse a step towards safety', async () => {
    expect(await brokenBy({ 'vm.dirty_ratio': 55 }, only, { current: { 'vm.dirty_ratio': 60 } })).toEqual([])
    expect(await brokenBy({ 'vm.dirty_ratio': 60 }, only, { current: { 'vm.dirty_ratio': 55 } })).toEqual(['no_oom vm.dirty_ratio'])
  })

  it('keeps swapping possible while little memory is available', async () => {
    const metrics = { 'memory.available_bytes': 2 * GIB }
    expect(await brokenBy({ 'vm.swappiness': 1 }, only, { metrics })).toEqual(['no_oom vm.swappiness'])
    expect(await brokenBy({ 'vm.swappiness': 2 }, only, { metrics })).toEqual([])
    expect(await brokenBy({ 'vm.swappiness': 1 }, only, { metrics: { 'memory.available_bytes': 12 * GIB } })).toEqual([])
  })

  it('keeps the watermarks from taking the memory', async () => {
    expect(await brokenBy({ 'vm.min_free_kbytes': 1_000_000 }, only)).toEqual([])
    expect(await brokenBy({ 'vm.min_free_kbytes': 2_000_000 }, only)).toEqual(['no_oom vm.min_free_kbytes'])
    expect(await brokenBy({ 'vm.watermark_scale_factor': 400 }, only)).toEqual([])
    expect(await brokenBy({ 'vm.watermark_scale_factor': 600 }, only)).toEqual(['no_oom vm.watermark_scale_factor'])
  })

  it('keeps huge pages from taking the memory, by either name', async () => {
    expect(await brokenBy({ 'vm.nr_hugepages': 6144 }, only)).toEqual([])
    expect(await brokenBy({ 'vm.nr_hugepages': 6145 }, only)).toEqual(['no_oom vm.nr_hugepages'])
    expect(await brokenBy({ 'hugetlb.nr_hugepages[hugepages-2048kB]': 6145 }, only)).toEqual(['no_oom hugetlb.nr_hugepages[hugepages-2048kB]'])
    expect(await brokenBy({ 'vm.nr_hugepages': 6145 }, only, { metrics: { 'memory.huge_page_size_bytes': 65_536 } })).toEqual([])
  })

  it('keeps the commit limit above what is promised already', async () => {
    const scenario = { current: { 'vm.overcommit_memory': 2, 'vm.overcommit_ratio': 80 }, metrics: { 'memory.committed_bytes': 15 * GIB } }
    expect(await brokenBy({ 'vm.overcommit_ratio': 70 }, only, scenario)).toEqual([])
    expect(await brokenBy({ 'vm.overcommit_ratio': 60 }, only, scenario)).toEqual(['no_oom vm.overcommit_ratio'])
    expect(await brokenBy({ 'vm.overcommit_ratio': 60 }, only, { metrics: scenario.metrics })).toEqual([])
  })

  it('keeps pools and tables from filling the memory', async () => {
    expect(await brokenBy({ 'net.netfilter.nf_conntrack_max': 2_000_000 }, only)).toEqual([])
    expect(await brokenBy({ 'net.netfilter.nf_conntrack_max': 2_000_000 }, only, { host: { ...HOST, memory_bytes: GIB } })).toEqual(['no_oom net.netfilter.nf_conntrack_max'])
    expect(await brokenBy({ 'net.ipv4.tcp_mem': [600_000, 800_000, 2_600_000] }, only)).toEqual(['no_oom net.ipv4.tcp_mem'])
  })

  it('keeps the buffers of one socket, and of all that are open, small', async () => {
    expect(await brokenBy({ 'net.core.rmem_max': GIB }, only)).toEqual([])
    expect(await brokenBy({ 'net.core.rmem_max': 2 * GIB }, only)).toEqual(['no_oom net.core.rmem_max'])
    expect(await brokenBy({ 'net.core.rmem_default': 2_000_000 }, only, { metrics: { 'sockets.used': 2000 } })).toEqual([])
    expect(await brokenBy({ 'net.core.rmem_default': 2_000_000 }, only, { metrics: { 'sockets.used': 20_000 } })).toEqual(['no_oom net.core.rmem_default'])
  })

  it('says what it cannot judge where the memory is unknown, and only for plans that need it', async () => {
    const { violations } = await verdictOn({ 'vm.min_free_kbytes': 100_000 }, only, { host: null })
    expect(violations).toMatchObject([{ rule: 'no_oom', knob: 'vm.min_free_kbytes', message: "no_oom cannot judge vm.min_free_kbytes: the host's memory is unknown" }])
    expect(violations[0]?.fix).toContain('assumed_memory_bytes')
    expect(await brokenBy({ 'net.core.somaxconn': 8192, 'vm.dirty_ratio': 25, 'vm.swappiness': 10 }, only, { host: null })).toEqual([])
  })

  it('takes the memory from a metric or an assumption where nobody describes the host', async () => {
    const plan = { 'vm.min_free_kbytes': 100_000 }
    expect(await brokenBy(plan, only, { host: null, metrics: { 'memory.total_bytes': 8 * GIB } })).toEqual([])
    expect(await brokenBy(plan, { ...only, assumed_memory_bytes: 8 * GIB }, { host: null })).toEqual([])
    expect(await brokenBy(plan, { ...only, assumed_memory_bytes: GIB }, { host: null })).toEqual(['no_oom vm.min_free_kbytes'])
  })

  it('can be switched off', async () => {
    expect(await brokenBy({ 'vm.dirty_ratio': 60 }, { guardrails: [] })).toEqual([])
  })
})
