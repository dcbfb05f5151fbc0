import { describe, expect, it } from 'vitest'
import { HOST, proposalOf } from '../testing/proposal.js'
import { MEMORY_LIMITS, POOLS, SOCKET_BUFFERS, noOom } from './no-oom.js'
import { TURN_LIMITS } from './no-starvation.js'
import { Options } from './options.js'
import { ORDERS, relations } from './relations.js'
import type { Rule } from './rule.js'

const options = Options.parse({})
const judged = (rule: Rule, plan: Parameters<typeof proposalOf>[0]) => [...rule(proposalOf(plan), options)]

/** Written down a second time, so that a pair that is lost or turned round is seen. */
const PAIRS = [
  ['kernel.sched_min_granularity_ns', 'kernel.sched_latency_ns'],
  ['kernel.sched_wakeup_granularity_ns', 'kernel.sched_latency_ns'],
  ['kernel.sched_rt_runtime_us', 'kernel.sched_rt_period_us'],
  ['net.core.rmem_default', 'net.core.rmem_max'],
  ['net.core.wmem_default', 'net.core.wmem_max'],
  ['net.ipv4.neigh.default.gc_thresh1', 'net.ipv4.neigh.default.gc_thresh2'],
  ['net.ipv4.neigh.default.gc_thresh2', 'net.ipv4.neigh.default.gc_thresh3'],
  ['net.ipv6.neigh.default.gc_thresh1', 'net.ipv6.neigh.default.gc_thresh2'],
  ['net.ipv6.neigh.default.gc_thresh2', 'net.ipv6.neigh.default.gc_thresh3'],
  ['net.ipv4.ipfrag_low_thresh', 'net.ipv4.ipfrag_high_thresh'],
  ['net.ipv4.tcp_reordering', 'net.ipv4.tcp_max_reordering'],
  ['net.ipv4.tcp_retries1', 'net.ipv4.tcp_retries2'],
  ['cpufreq.scaling_min_freq', 'cpufreq.scaling_max_freq'],
] as const

/** Above what any other knob of these orders has. */
const SOME = 1e9

describe('every order', () => {
  it.each(PAIRS)('%s may equal %s, and not exceed it', (lower, upper) => {
    expect(judged(relations, { [lower]: SOME, [upper]: SOME })).toEqual([])
    expect(judged(relations, { [lower]: SOME, [upper]: SOME + 1 })).toEqual([])
    const [violation, ...others] = judged(relations, { [lower]: SOME + 1, [upper]: SOME })
    expect(others).toEqual([])
    expect(violation).toMatchObject({ rule: 'relation', knob: lower })
    expect(violation?.message).toContain(`${lower} = ${SOME + 1} would exceed ${upper} = ${SOME}: `)
    expect(violation?.fix).toContain(`Keep ${lower} at or below ${upper}`)
  })

  it('is among them', () => {
    expect(ORDERS.map(({ lower, upper }) => [lower, upper])).toEqual(PAIRS)
  })
})

const MEMORY_BYTES = HOST.memory_bytes
/** A vector's largest number counts. */
const valueOf = (knob: string, count: number) => (/^net\.ipv4\.\w+mem$/.test(knob) ? [1, 2, count] : count)

/** The most that is allowed, and one more. */
function edge(share: number, bytesEach: number): { readonly most: number; readonly tooMuch: number } {
  const most = Math.floor((share * MEMORY_BYTES) / bytesEach)
  return { most, tooMuch: most + 1 }
}

describe('every pool', () => {
  it.each(POOLS)('$knob, at $bytesEach bytes each, may take its share of the memory and no more', ({ knob, bytesEach }) => {
    const { most, tooMuch } = edge(options.max_pool_share, bytesEach)
    expect(judged(noOom, { [knob]: valueOf(knob, most) })).toEqual([])
    expect(judged(noOom, { [knob]: valueOf(knob, tooMuch) })).toMatchObject([{ rule: 'no_oom', knob }])
  })

  it.each(SOCKET_BUFFERS)('one socket by %s may take its share and no more', (knob) => {
    const { most, tooMuch } = edge(options.max_socket_share, 1)
    expect(judged(noOom, { [knob]: valueOf(knob, most) })).toEqual([])
    expect(judged(noOom, { [knob]: valueOf(knob, tooMuch) })).toMatchObject([{ rule: 'no_oom', knob }])
  })
})

it('every limit names an option that moves it', () => {
  for (const { bound, option } of [...MEMORY_LIMITS, ...TURN_LIMITS]) {
    const moved = Options.parse({ [option]: Number(options[option]) / 2 })
    expect(bound(moved), option).not.toBe(bound(options))
  }
})
