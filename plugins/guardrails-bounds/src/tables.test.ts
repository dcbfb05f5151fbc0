import { describe, expect, it } from 'vitest'
import { HOST, proposalOf } from '../testing/proposal.js'
import { MEMORY_LIMITS, POOLS, SOCKET_BUFFERS, noOom } from './no-oom.js'
import { TURN_LIMITS } from './no-starvation.js'
import { Options } from './options.js'
import type { Rule } from './rule.js'

const options = Options.parse({})
const judged = (rule: Rule, plan: Parameters<typeof proposalOf>[0]) => [...rule(proposalOf(plan), options)]

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
