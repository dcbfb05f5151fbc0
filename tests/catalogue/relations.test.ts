import { joinRef, type Knob, type KnobRef, type KnobValue, type Reading } from '@semantos/core'
import { VerdictDraft } from '@semantos/core/kernel'
import guardrailsBounds from '@semantos/guardrails-bounds'
import { inWriteOrder } from '@semantos/host'
import knowledgeCatalogue from '@semantos/knowledge-catalogue'
import { mount, type Mounted } from '@semantos/plugin-kit'
import rolloutStaggered from '@semantos/rollout-staggered'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** The catalogue's upper bounds, written down a second time, so that a pair that is lost or turned round is seen. */
const PAIRS = [
  ['cpufreq.scaling_min_freq', 'cpufreq.scaling_max_freq'],
  ['intel_pstate.min_perf_pct', 'intel_pstate.max_perf_pct'],
  ['kernel.sched_min_granularity_ns', 'kernel.sched_latency_ns'],
  ['kernel.sched_rt_runtime_us', 'kernel.sched_rt_period_us'],
  ['kernel.sched_util_clamp_min', 'kernel.sched_util_clamp_max'],
  ['kernel.sched_wakeup_granularity_ns', 'kernel.sched_latency_ns'],
  ['net.core.rmem_default', 'net.core.rmem_max'],
  ['net.core.wmem_default', 'net.core.wmem_max'],
  ['net.ipv4.ipfrag_low_thresh', 'net.ipv4.ipfrag_high_thresh'],
  ['net.ipv4.neigh.default.gc_thresh1', 'net.ipv4.neigh.default.gc_thresh2'],
  ['net.ipv4.neigh.default.gc_thresh2', 'net.ipv4.neigh.default.gc_thresh3'],
  ['net.ipv4.tcp_reordering', 'net.ipv4.tcp_max_reordering'],
  ['net.ipv4.tcp_retries1', 'net.ipv4.tcp_retries2'],
  ['net.ipv6.ip6frag_low_thresh', 'net.ipv6.ip6frag_high_thresh'],
  ['net.ipv6.neigh.default.gc_thresh1', 'net.ipv6.neigh.default.gc_thresh2'],
  ['net.ipv6.neigh.default.gc_thresh2', 'net.ipv6.neigh.default.gc_thresh3'],
  ['sched.min_granularity_ns', 'sched.latency_ns'],
  ['sched.wakeup_granularity_ns', 'sched.latency_ns'],
  ['vm.dirty_background_bytes', 'vm.dirty_bytes'],
  ['vm.dirty_background_ratio', 'vm.dirty_ratio'],
] as const

/** Inside the range of percents and permilles, and above what any bound of a single knob asks for. */
const SOME = 50

let kit: Mounted
beforeAll(async () => {
  kit = await mount([knowledgeCatalogue({}), guardrailsBounds({ guardrails: [] }), rolloutStaggered({ batch: 1 })])
})
afterAll(() => kit.kernel.dispose())

function knobOf(name: string): Knob {
  const knob = kit.catalogue.get(name)
  if (!knob) throw new Error(`${name} is not in the catalogue`)
  return knob
}

/** The knob on a device, where it has one a device. */
const refOf = (name: string): KnobRef => joinRef(name, knobOf(name).where.per === 'host' ? null : 'policy0')

function recommendation([knob, value]: readonly [KnobRef, KnobValue]) {
  const nothing = { cues: [], rules: [], edges: [], traces: [], documents: [], changed_by: [] }
  const expected = { metric: 'p95_ms', change_pct: -5 }
  return { ...nothing, knob, value, rationale: 'because', expected, uncertainty: 0.2, proposed_by: 'test' }
}

const planOf = (values: ReadonlyMap<KnobRef, KnobValue>) => ({ recommendations: [...values].map(recommendation), advice: [] })
const SITUATION = {
  snapshot: { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] },
  evidence: { edges: [], traces: [], documents: [] },
}

/** What the guardrail says of the relations in a plan of these values. */
async function violations(values: ReadonlyMap<KnobRef, KnobValue>) {
  const present = { status: 'present', writable: true, live: true } as const
  const current = new Map([...values].map(([knob, value]): [KnobRef, Reading] => [knob, { ...present, knob, text: String(value), value }]))
  const proposal = { ...SITUATION, plan: planOf(values), current, resulting: values, catalogue: kit.catalogue }
  const verdict = await kit.kernel.hooks.guard.run(new VerdictDraft(), { ...kit.cycle, ...proposal })
  return verdict.finish().violations.filter(({ rule }) => rule === 'relation')
}

test('the pairs are all that the catalogue has', () => {
  expect([...kit.catalogue].flatMap(({ name, not_above }) => not_above.map(({ knob }) => [name, knob])).sort()).toEqual(PAIRS.map((pair) => [...pair]).sort())
})

describe.each(PAIRS)('%s and %s', (lower, upper) => {
  test('are held by the guardrail: equal values pass, a lower one above the upper one does not', async () => {
    const [low, high] = [refOf(lower), refOf(upper)]
    expect(await violations(new Map([[low, SOME], [high, SOME]]))).toEqual([])
    const found = await violations(new Map([[low, SOME + 1], [high, SOME]]))
    expect(found).toHaveLength(1)
    expect(found[0]?.message).toContain(`${low} = ${SOME + 1} would exceed ${high} = ${SOME}`)
  })

  test('are written in an order that keeps them, up and down', () => {
    const write = (name: string, from: number, to: number) => ({ ref: refOf(name), knob: knobOf(name), from, to })
    const order = (...batch: ReturnType<typeof write>[]) => inWriteOrder(batch).map(({ ref }) => ref)
    expect(order(write(lower, 10, 30), write(upper, 20, 40))).toEqual([refOf(upper), refOf(lower)])
    expect(order(write(upper, 40, 20), write(lower, 30, 10))).toEqual([refOf(lower), refOf(upper)])
  })

  test('go into one rollout step', async () => {
    const values = new Map([[refOf(lower), SOME], ['vm.page-cluster', 1], [refOf(upper), SOME]])
    const steps = await kit.kernel.hooks.schedule.run(planOf(values), { ...kit.cycle, ...SITUATION, current: new Map() })
    expect(steps?.map(({ knobs }) => [...knobs].sort())).toContainEqual([refOf(lower), refOf(upper)].sort())
  })
})
