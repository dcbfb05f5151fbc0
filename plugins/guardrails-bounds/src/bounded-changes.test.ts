import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brokenBy, proposalOf, verdictOn } from '../testing/proposal.js'
import { boundedChanges } from './bounded-changes.js'
import { Options } from './options.js'

const only = { guardrails: ['bounded_changes' as const] }
const changed = (knob: string, from: number, to: number) => brokenBy({ [knob]: to }, { ...only, allow: ['*'] }, { current: { [knob]: from } })

describe('bounded_changes', () => {
  it('accepts ten times more or less, and no further', async () => {
    expect(await changed('net.core.somaxconn', 4096, 40_960)).toEqual([])
    expect(await changed('net.core.somaxconn', 4096, 40_961)).toEqual(['bounded_changes net.core.somaxconn'])
    expect(await changed('net.core.somaxconn', 40_960, 4096)).toEqual([])
    expect(await changed('net.core.somaxconn', 40_961, 4096)).toEqual(['bounded_changes net.core.somaxconn'])
  })

  it('takes the factor from the options', async () => {
    expect(await brokenBy({ 'net.core.somaxconn': 8193 }, { max_factor: 2 })).toEqual(['bounded_changes net.core.somaxconn'])
    expect(await brokenBy({ 'block.read_ahead_kb[vda]': 128 }, { max_factor: 64 })).toEqual([])
  })

  it('measures from and to 0 by the step of the knob, or by 1', async () => {
    expect(await changed('vm.swappiness', 0, 10)).toEqual([])
    expect(await changed('vm.swappiness', 0, 11)).toEqual(['bounded_changes vm.swappiness'])
    expect(await changed('vm.swappiness', 60, 0)).toEqual(['bounded_changes vm.swappiness'])
    expect(await changed('net.core.busy_poll', 0, 10)).toEqual([])
    expect(await changed('net.core.busy_poll', 0, 50)).toEqual(['bounded_changes net.core.busy_poll'])
  })

  it('measures a change of sign by the distance', async () => {
    expect(await changed('net.ipv4.tcp_adv_win_scale', 1, -2)).toEqual([])
    expect(await changed('net.ipv4.tcp_adv_win_scale', 1, -20)).toEqual(['bounded_changes net.ipv4.tcp_adv_win_scale'])
  })

  it('does not measure switches, words, positions, and changes to or from a special value', async () => {
    expect(await brokenBy({ 'kernel.sched_autogroup_enabled': 0, 'kernel.numa_balancing': 1, 'thp.enabled': 'never', 'net.ipv4.ip_local_port_range': [1024, 65_535] }, only)).toEqual([])
    expect(await changed('kernel.sched_rt_runtime_us', 950_000, -1)).toEqual([])
    expect(await brokenBy({ 'vm.dirty_bytes': 2 ** 28, 'vm.dirty_background_bytes': 2 ** 26 }, only)).toEqual([])
  })

  it('measures every number of a vector', async () => {
    expect(await brokenBy({ 'net.ipv4.tcp_rmem': [4096, 131_072, 33_554_432] }, only)).toEqual([])
    expect(await brokenBy({ 'net.ipv4.tcp_rmem': [4096, 2_000_000, 6_291_456] }, only)).toEqual(['bounded_changes net.ipv4.tcp_rmem'])
  })

  it('measures from the nearest safe bound where the value is outside', async () => {
    expect(await changed('net.core.somaxconn', 16, 5120)).toEqual([])
    expect(await changed('net.core.somaxconn', 16, 5121)).toEqual(['bounded_changes net.core.somaxconn'])
    expect(await changed('vm.min_free_kbytes', 2 ** 28, 2 ** 22)).toEqual([])
  })

  it('does not judge a knob that this host lacks: it will not be changed', async () => {
    expect(await brokenBy({ 'net.core.somaxconn': 65_535 }, only, { absent: ['net.core.somaxconn'], current: { 'net.core.somaxconn': 1 } })).toEqual([])
  })

  it('can be switched off', async () => {
    expect(await brokenBy({ 'net.core.somaxconn': 65_535 }, { guardrails: ['no_oom'] }, { current: { 'net.core.somaxconn': 512 } })).toEqual([])
  })

  it('proposes a first step', async () => {
    const { violations } = await verdictOn({ 'vm.swappiness': 0 }, only)
    expect(violations).toMatchObject([{ message: 'vm.swappiness = 0 is more than 10 times away from 60, what it is now', fix: 'Go there in steps: 6 first.' }])
  })

  it('proposes a first step that it accepts, and is the same both ways', () => {
    const options = Options.parse(only)
    const violations = (from: number, to: number) => [...boundedChanges(proposalOf({ 'net.ipv4.tcp_adv_win_scale': to }, { current: { 'net.ipv4.tcp_adv_win_scale': from } }), options)]
    const number = fc.integer({ min: -100_000, max: 100_000 }).map((n) => n + 0)
    fc.assert(
      fc.property(number, number, (from, to) => {
        for (const { fix } of violations(from, to)) expect(violations(from, Number(/steps: (-?\d+)/.exec(fix)?.[1]))).toEqual([])
        if (from > 0 && to > 0) expect(violations(from, to).length).toBe(violations(to, from).length)
      }),
      { numRuns: 300 },
    )
  })
})
