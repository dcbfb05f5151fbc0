import { describe, expect, it } from 'vitest'
import { brokenBy, verdictOn } from '../testing/proposal.js'

const only = { guardrails: ['no_starvation' as const] }

describe('no_starvation', () => {
  it('keeps a slice long enough to be of use', async () => {
    expect(await brokenBy({ 'sched.base_slice_ns': 500_000 }, only)).toEqual([])
    expect(await brokenBy({ 'sched.base_slice_ns': 400_000 }, only)).toEqual(['no_starvation sched.base_slice_ns'])
    const { violations } = await verdictOn({ 'sched.base_slice_ns': 400_000 }, only)
    expect(violations).toMatchObject([{ message: "sched.base_slice_ns = 400000: a task's slice would be 400 us, and at least 500 us is allowed" }])
  })

  it('keeps the wait of a runnable task short, for as many as there are', async () => {
    const busy = { current: { 'sched.base_slice_ns': 3e6 }, metrics: { load: 16 } }
    expect(await brokenBy({ 'kernel.sched_min_granularity_ns': 20e6 }, only, busy)).toEqual([])
    expect(await brokenBy({ 'kernel.sched_min_granularity_ns': 20e6 }, only, { ...busy, metrics: { load: 24 } })).toEqual(['no_starvation kernel.sched_min_granularity_ns'])
    expect(await brokenBy({ 'sched.base_slice_ns': 40e6 }, only, busy)).toEqual(['no_starvation sched.base_slice_ns'])
  })

  it('takes one CPU where the host is unknown, and cannot judge the wait where the load is', async () => {
    expect(await brokenBy({ 'kernel.sched_min_granularity_ns': 20e6 }, only, { host: null, metrics: { load: 12 } })).toEqual(['no_starvation kernel.sched_min_granularity_ns'])
    expect(await brokenBy({ 'kernel.sched_min_granularity_ns': 20e6 }, only, { host: null })).toEqual([])
  })

  it('does not refuse a shorter slice on a host that is overloaded anyhow', async () => {
    const overloaded = { current: { 'kernel.sched_min_granularity_ns': 8e6, 'sched.base_slice_ns': 1e6 }, metrics: { load: 300 } }
    expect(await brokenBy({ 'kernel.sched_min_granularity_ns': 4e6 }, only, overloaded)).toEqual([])
    expect(await brokenBy({ 'kernel.sched_min_granularity_ns': 9e6 }, only, overloaded)).toEqual(['no_starvation kernel.sched_min_granularity_ns'])
  })

  it('keeps CPU time for tasks that are not real-time', async () => {
    expect(await brokenBy({ 'kernel.sched_rt_runtime_us': 950_000 }, only)).toEqual([])
    expect(await brokenBy({ 'kernel.sched_rt_runtime_us': 960_000 }, only)).toEqual(['no_starvation kernel.sched_rt_runtime_us'])
    expect(await brokenBy({ 'kernel.sched_rt_runtime_us': -1 }, only)).toEqual(['no_starvation kernel.sched_rt_runtime_us'])
  })

  it('keeps one round of packet processing short', async () => {
    expect(await brokenBy({ 'net.core.netdev_budget_usecs': 20_000 }, only)).toEqual([])
    expect(await brokenBy({ 'net.core.netdev_budget_usecs': 20_001 }, only)).toEqual(['no_starvation net.core.netdev_budget_usecs'])
  })

  it('can be switched off', async () => {
    expect(await brokenBy({ 'sched.base_slice_ns': 400_000 }, { guardrails: [] })).toEqual([])
  })
})
