import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KnobValue, Violation } from '@semantos/core'
import { KNOBS, brokenBy, proposalOf, verdictOn } from '../testing/proposal.js'
import { Options } from './options.js'
import { RULES } from './rules.js'

/** What the kit recommends for p95 182.3 ms, irq_rate 21,000 and load 9.4, from the kernel's defaults. */
const KIT = {
  'kernel.sched_latency_ns': 18e6,
  'kernel.sched_min_granularity_ns': 3e6,
  'vm.dirty_background_ratio': 8,
  'vm.dirty_ratio': 25,
  'net.core.somaxconn': 32_768,
  'net.core.netdev_max_backlog': 4096,
  'kernel.numa_balancing': 1,
  'vm.swappiness': 10,
}

describe('guardrails-bounds', () => {
  it('lets the plan of the kit pass from the defaults of the kernel', async () => {
    expect(await brokenBy(KIT)).toEqual([])
  })

  it('lets the plan of the kit pass where nothing is known about the host', async () => {
    expect(await brokenBy(KIT, {}, { host: null })).toEqual([])
  })

  it('lets an empty plan pass', async () => {
    expect(await verdictOn({})).toMatchObject({ allowed: true, guards: ['@semantos/guardrails-bounds'] })
  })

  it('reports every broken rule, not only the first', async () => {
    const broken = await brokenBy({ 'vm.swappiness': 101, 'vm.dirty_ratio': 61 }, { allow: ['net.*'] })
    expect(broken).toEqual(expect.arrayContaining(['bounds vm.swappiness', 'bounds vm.dirty_ratio', 'allow vm.swappiness', 'allow vm.dirty_ratio']))
  })

  it('says which rule, which bound, which value, and what would be accepted', async () => {
    const { violations } = await verdictOn({ 'vm.dirty_ratio': 61 })
    expect(violations).toContainEqual({
      guard: '@semantos/guardrails-bounds',
      rule: 'bounds',
      knob: 'vm.dirty_ratio',
      message: 'vm.dirty_ratio = 61 is outside the safe bounds, 5..60',
      fix: 'Choose a value for vm.dirty_ratio in 5..60.',
    })
  })

  it('never throws, whatever the plan, the values before and the host, and every violation keeps the contract', () => {
    const names = [...KNOBS.map((knob) => knob.name), 'block.read_ahead_kb[vda]', 'cpufreq.scaling_min_freq[policy0]', 'hugetlb.nr_hugepages[hugepages-2048kB]', 'made.up', `long.${'x'.repeat(100)}`]
    const number = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -10, max: 100_000 })).map((n) => n + 0)
    const value: fc.Arbitrary<KnobValue> = fc.oneof(number, fc.string({ minLength: 1, maxLength: 256 }), fc.array(number, { minLength: 1, maxLength: 64 }))
    const values = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12 })
    const metrics = fc.dictionary(fc.constantFrom('load', 'memory.available_bytes', 'memory.total_bytes', 'sockets.used', 'memory.committed_bytes'), fc.double({ noNaN: true, noDefaultInfinity: true }))
    const options = Options.parse({})
    fc.assert(
      fc.property(values, values, metrics, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (plan, current, measured, known, uncertainty) => {
        const proposal = proposalOf(plan, { current, metrics: measured, uncertainty, ...(known ? {} : { host: null }) })
        for (const rule of RULES) for (const violation of rule(proposal, options)) Violation.parse({ ...violation, guard: 'test' })
      }),
      { numRuns: 500 },
    )
  })
})
