import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { definePlugin, type Edge, type KnobInput, type KnobRef, type Plan, type Step, z } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import rolloutStaggered from './index.js'

const KIT = [
  'kernel.sched_latency_ns', 'kernel.sched_min_granularity_ns', 'vm.dirty_background_ratio', 'vm.dirty_ratio', 'net.core.somaxconn',
  'net.core.netdev_max_backlog', 'kernel.numa_balancing', 'vm.swappiness',
]
const RISKS: Readonly<Record<string, KnobInput['risk']>> = {
  'kernel.sched_latency_ns': 'medium', 'kernel.sched_min_granularity_ns': 'medium', 'vm.dirty_ratio': 'medium', 'vm.min_free_kbytes': 'high',
}
/** Mechanisms of the catalogue, and a bound that belongs to none. */
const MECHANISMS: Readonly<Record<string, readonly string[]>> = {
  'CFS slices': ['kernel.sched_latency_ns', 'kernel.sched_min_granularity_ns', 'kernel.sched_wakeup_granularity_ns'],
  'dirty limits': ['vm.dirty_ratio', 'vm.dirty_background_ratio', 'vm.dirty_bytes', 'vm.dirty_background_bytes'],
  'IPv4 neighbour limits': ['gc_thresh1', 'gc_thresh2', 'gc_thresh3'].map((name) => `net.ipv4.neigh.default.${name}`),
  watermarks: ['vm.min_free_kbytes', 'vm.watermark_scale_factor'],
}
const BOUND = ['cpufreq.scaling_min_freq', 'cpufreq.scaling_max_freq'] as const
const RELATED = [...Object.values(MECHANISMS), BOUND]
const NAMES = [...new Set([...KIT, ...RELATED.flat(), 'block.read_ahead_kb', 'vm.page-cluster', 'net.core.dev_weight'])]

function knob(name: string): KnobInput {
  return {
    name,
    where: { interface: 'sysctl', path: name.replaceAll('.', '/'), per: 'host', netns: 'none' },
    type: { kind: 'boolean' },
    default: 0,
    versions: { since: null, until: null, successor: null },
    mechanism: Object.keys(MECHANISMS).find((mechanism) => MECHANISMS[mechanism]?.includes(name)) ?? null,
    not_above: name === BOUND[0] ? [{ knob: BOUND[1], why: 'the kernel refuses a floor above the ceiling' }] : [],
    resets: name === 'block.read_ahead_kb' ? ['net.core.dev_weight'] : [],
    takes_effect: 'at once',
    risk: RISKS[name] ?? 'low',
    subsystem: 'memory',
    meaning: 'A knob that exists for the tests of this plugin.',
    documentation: 'https://docs.kernel.org/admin-guide/sysctl/index.html',
    persist: 'sysctl.d',
  }
}

const knobs = definePlugin({
  name: 'test-knobs',
  stage: 'knowledge',
  api: 1,
  options: z.strictObject({}),
  setup(kernel) {
    kernel.hooks.configure.tapPromise('knobs', (view) => NAMES.forEach((name) => view.knob(knob(name))))
  },
})

function planOf(refs: readonly KnobRef[]): Plan {
  const recommendation = { value: 1, rationale: 'because', cues: [], expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.2, rules: [], edges: [], traces: [], documents: [], proposed_by: 'test', changed_by: [] }
  return { recommendations: refs.map((ref) => ({ ...recommendation, knob: ref })), advice: [] }
}

function edge(from: string, kind: Edge['kind'], to: string, weight = 0.9): Edge {
  return { from, to, kind, weight, evidence_count: 1, source: 'test', updated: null }
}

type Options = Parameters<typeof rolloutStaggered>[0]

async function scheduler(options: Options = {}) {
  const kit = await mount([knobs(), rolloutStaggered(options)])
  const snapshot = { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] }
  const schedule = async (refs: readonly KnobRef[], edges: readonly Edge[] = []): Promise<readonly Step[]> =>
    (await kit.kernel.hooks.schedule.run(planOf(refs), { ...kit.cycle, snapshot, evidence: { edges, traces: [], documents: [] }, current: new Map() })) ?? []
  return { schedule, [Symbol.asyncDispose]: () => kit.kernel.dispose() }
}

async function batches(refs: readonly KnobRef[], edges: readonly Edge[] = [], options: Options = {}): Promise<(readonly KnobRef[])[]> {
  await using kit = await scheduler(options)
  return (await kit.schedule(refs, edges)).map((step) => step.knobs)
}

describe('rollout-staggered', () => {
  it('cuts the eight recommendations of the kit into batches of three at most, low risk first, pairs together', async () => {
    expect(await batches(KIT)).toEqual([
      ['net.core.somaxconn', 'net.core.netdev_max_backlog', 'kernel.numa_balancing'],
      ['vm.swappiness', 'kernel.sched_latency_ns', 'kernel.sched_min_granularity_ns'],
      ['vm.dirty_background_ratio', 'vm.dirty_ratio'],
    ])
  })

  it('takes all hosts by default', async () => {
    await using kit = await scheduler()
    expect(await kit.schedule(['vm.swappiness'])).toEqual([{ knobs: ['vm.swappiness'], host_share: 1 }])
  })

  it('schedules nothing for an empty plan', async () => {
    expect(await batches([])).toEqual([])
  })

  it('keeps a group larger than a batch whole', async () => {
    const thresholds = ['gc_thresh1', 'gc_thresh2', 'gc_thresh3'].map((name) => `net.ipv4.neigh.default.${name}`)
    expect(await batches([...thresholds, 'vm.swappiness'], [], { batch: 2 })).toEqual([thresholds, ['vm.swappiness']])
  })

  it('puts one recommendation into each step where asked to', async () => {
    expect(await batches(['vm.swappiness', 'net.core.somaxconn'], [], { batch: 1 })).toEqual([['vm.swappiness'], ['net.core.somaxconn']])
  })

  it('keeps together what the graph links, and not what conflicts or is only guessed', async () => {
    const refs = ['vm.swappiness', 'net.core.somaxconn', 'vm.page-cluster', 'net.core.dev_weight']
    expect(await batches(refs, [edge('vm.swappiness', 'synergizes_with', 'vm.page-cluster')], { batch: 2 })).toEqual([
      ['vm.swappiness', 'vm.page-cluster'],
      ['net.core.somaxconn', 'net.core.dev_weight'],
    ])
    for (const other of [edge('vm.swappiness', 'conflicts_with', 'vm.page-cluster'), edge('vm.swappiness', 'synergizes_with', 'vm.page-cluster', 0.4)]) {
      expect(await batches(refs, [other], { batch: 2 })).toEqual([['vm.swappiness', 'net.core.somaxconn'], ['vm.page-cluster', 'net.core.dev_weight']])
    }
  })

  it('takes the weight at which an edge counts from the options', async () => {
    const edges = [edge('vm.swappiness', 'synergizes_with', 'vm.page-cluster', 0.4)]
    expect(await batches(['vm.swappiness', 'net.core.somaxconn', 'vm.page-cluster'], edges, { batch: 2, min_edge_weight: 0.3 })).toEqual([['vm.swappiness', 'vm.page-cluster'], ['net.core.somaxconn']])
  })

  it('keeps together a knob and one that it resets', async () => {
    expect(await batches(['block.read_ahead_kb', 'vm.swappiness', 'net.core.dev_weight'], [], { batch: 2 })).toEqual([['block.read_ahead_kb', 'net.core.dev_weight'], ['vm.swappiness']])
  })

  it('keeps knobs of one device together and those of two devices apart', async () => {
    const refs = ['cpufreq.scaling_min_freq[policy0]', 'cpufreq.scaling_min_freq[policy1]', 'cpufreq.scaling_max_freq[policy0]', 'cpufreq.scaling_max_freq[policy1]']
    expect(await batches(refs, [], { batch: 2 })).toEqual([
      ['cpufreq.scaling_min_freq[policy0]', 'cpufreq.scaling_max_freq[policy0]'],
      ['cpufreq.scaling_min_freq[policy1]', 'cpufreq.scaling_max_freq[policy1]'],
    ])
  })

  it('puts first what others depend on, even where it is riskier', async () => {
    const edges = [edge('vm.swappiness', 'depends_on', 'vm.min_free_kbytes'), edge('vm.swappiness', 'depends_on', 'vm.page-cluster')]
    expect(await batches(['vm.swappiness', 'net.core.somaxconn', 'vm.page-cluster', 'vm.min_free_kbytes'], edges)).toEqual([
      ['net.core.somaxconn'],
      ['vm.page-cluster', 'vm.min_free_kbytes', 'vm.swappiness'],
    ])
  })

  it('orders groups along an edge too weak to join them into one', async () => {
    const edges = [edge('vm.swappiness', 'depends_on', 'vm.min_free_kbytes', 0.1)]
    expect(await batches(['vm.swappiness', 'vm.min_free_kbytes'], edges, { batch: 1 })).toEqual([['vm.min_free_kbytes'], ['vm.swappiness']])
  })

  it('does not hang on edges that go round in a circle', async () => {
    const edges = [edge('vm.swappiness', 'depends_on', 'vm.page-cluster'), edge('vm.page-cluster', 'depends_on', 'vm.swappiness')]
    expect(await batches(['vm.swappiness', 'vm.page-cluster'], edges)).toEqual([['vm.swappiness', 'vm.page-cluster']])
  })

  it('schedules every knob exactly once, relations whole, the same every time, whatever the plan and the graph', async () => {
    const refs = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: NAMES.length })
    const edges = fc.array(fc.record({ from: fc.constantFrom(...NAMES), to: fc.constantFrom(...NAMES), kind: fc.constantFrom('depends_on', 'conflicts_with', 'synergizes_with'), weight: fc.double({ min: 0, max: 1, noNaN: true }) }), { maxLength: 30 })
    for (const batch of [1, 3, 5]) {
      await using kit = await scheduler({ batch })
      await fc.assert(
        fc.asyncProperty(refs, edges, async (plan, linked) => {
          const graph = linked.map(({ from, to, kind, weight }) => edge(from, kind, to, weight))
          const steps = await kit.schedule(plan, graph)
          expect(steps.flatMap(({ knobs: batched }) => batched).sort()).toEqual([...plan].sort())
          expect(await kit.schedule(plan, graph)).toEqual(steps)
          for (const row of RELATED) expect(steps.filter(({ knobs: batched }) => batched.some((ref) => row.includes(ref))).length).toBeLessThanOrEqual(1)
        }),
        { numRuns: 100 },
      )
    }
  })

  it('is done with a plan of the largest size in well under the time limit', async () => {
    await using kit = await scheduler()
    const refs = Array.from({ length: 1000 }, (_, index) => `block.read_ahead_kb[disk${index}]`)
    const from = process.cpuUsage()
    expect(await kit.schedule(refs, [edge('block.read_ahead_kb', 'depends_on', 'vm.swappiness')])).toHaveLength(334)
    // Of the processor: how long it had to wait for it is not the plugin's doing.
    const { user, system } = process.cpuUsage(from)
    expect((user + system) / 1000).toBeLessThan(10_000)
  })
})
