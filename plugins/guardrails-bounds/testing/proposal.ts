import { Catalogue, definePlugin, type HostFacts, type Knob, Knob as KnobSchema, type KnobInput, type KnobRef, type KnobValue, type Proposal, type Reading, type RecommendationDraft, z } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import { VerdictDraft } from '@semantos/core/kernel'
import guardrailsBounds from '../src/index.js'

const COMMON = {
  versions: { since: null, until: null, successor: null },
  takes_effect: 'at once',
  risk: 'low',
  meaning: 'A knob that exists for the tests of this plugin.',
  documentation: 'https://docs.kernel.org/admin-guide/sysctl/index.html',
  persist: 'sysctl.d',
} as const

function where(name: string, per: Knob['where']['per'] = 'host') {
  return { interface: 'sysctl', path: per === 'host' ? name.replaceAll('.', '/') : `${name.replaceAll('.', '/')}/*`, per, netns: 'none' } as const
}

type Integer = Extract<Knob['type'], { kind: 'integer' }>

export function integer(name: string, unit: Integer['unit'], safe: [number, number], value: number, more: { search?: Integer['search']; special?: number[]; resets?: string[]; not_above?: string; per?: Knob['where']['per'] } = {}): KnobInput {
  const { search = null, special = [], resets = [], not_above, per = 'host' } = more
  return {
    ...COMMON,
    name,
    where: where(name, per),
    subsystem: 'memory',
    default: value,
    resets,
    not_above: not_above === undefined ? [] : [{ knob: not_above, why: 'what goes wrong otherwise' }],
    type: {
      kind: 'integer',
      unit,
      range: { min: -1, max: Number.MAX_SAFE_INTEGER },
      safe: { min: safe[0], max: safe[1] },
      search,
      special: special.map((number) => ({ value: number, meaning: 'special' })),
    },
  }
}

function vector(name: string, unit: Integer['unit'], value: number[]): KnobInput {
  const bounds = { min: 0, max: 2 ** 40 }
  const fields = value.map((_, index) => ({ name: `field${index}`, range: bounds, safe: bounds }))
  return { ...COMMON, name, where: where(name), subsystem: 'tcp', default: value, type: { kind: 'vector', unit, fields, ascending: true } }
}

/** The kit's eight with its guardrail bounds and the kernel's defaults, and one of each other kind. */
export const KNOBS: readonly KnobInput[] = [
  integer('kernel.sched_latency_ns', 'ns', [10e6, 48e6], 24e6),
  integer('kernel.sched_min_granularity_ns', 'ns', [1e6, 20e6], 3e6, { not_above: 'kernel.sched_latency_ns' }),
  integer('vm.dirty_background_ratio', 'percent', [1, 20], 10, { resets: ['vm.dirty_background_bytes'], not_above: 'vm.dirty_ratio' }),
  integer('vm.dirty_ratio', 'percent', [5, 60], 20, { resets: ['vm.dirty_bytes'] }),
  integer('net.core.somaxconn', 'count', [512, 65535], 4096),
  integer('net.core.netdev_max_backlog', 'packets', [1000, 200_000], 1000),
  integer('kernel.numa_balancing', 'flag', [0, 1], 0),
  integer('vm.swappiness', 'percent', [0, 100], 60, { search: { min: 0, max: 100, step: 1, scale: 'linear' } }),
  integer('vm.dirty_bytes', 'bytes', [1 << 20, 2 ** 34], 0, { special: [0], resets: ['vm.dirty_ratio'] }),
  integer('vm.dirty_background_bytes', 'bytes', [1 << 20, 2 ** 33], 0, { special: [0], resets: ['vm.dirty_background_ratio'], not_above: 'vm.dirty_bytes' }),
  integer('vm.min_free_kbytes', 'KiB', [1024, 2 ** 24], 67_584),
  integer('vm.watermark_scale_factor', 'none', [10, 3000], 10),
  integer('vm.nr_hugepages', 'count', [0, 1 << 20], 0),
  integer('hugetlb.nr_hugepages', 'count', [0, 1 << 20], 0, { per: 'hugepage-size' }),
  integer('vm.overcommit_memory', 'flag', [0, 2], 0),
  integer('vm.overcommit_ratio', 'percent', [0, 100], 50),
  integer('net.core.rmem_default', 'bytes', [4096, 2 ** 32], 212_992, { not_above: 'net.core.rmem_max' }),
  integer('net.core.rmem_max', 'bytes', [4096, 2 ** 32], 4_194_304, { special: [0] }),
  integer('net.netfilter.nf_conntrack_max', 'count', [65_536, 2 ** 30], 262_144),
  integer('kernel.sched_rt_runtime_us', 'us', [0, 2_000_000], 950_000, { special: [-1], not_above: 'kernel.sched_rt_period_us' }),
  integer('kernel.sched_rt_period_us', 'us', [1, 10_000_000], 1_000_000),
  integer('sched.base_slice_ns', 'ns', [100_000, 1e9], 2_800_000),
  integer('net.core.netdev_budget_usecs', 'us', [2000, 1_000_000], 8000),
  integer('net.core.busy_poll', 'us', [0, 200], 0),
  integer('net.ipv4.tcp_adv_win_scale', 'ratio', [-100_000, 100_000], 1),
  integer('block.read_ahead_kb', 'KiB', [0, 16_384], 8192, { per: 'block-device' }),
  integer('cpufreq.scaling_min_freq', 'kHz', [1, 1e9], 800_000, { per: 'cpu-policy', not_above: 'cpufreq.scaling_max_freq' }),
  integer('cpufreq.scaling_max_freq', 'kHz', [1, 1e9], 2_400_000, { per: 'cpu-policy' }),
  vector('net.ipv4.tcp_rmem', 'bytes', [4096, 131_072, 6_291_456]),
  vector('net.ipv4.tcp_mem', 'pages', [287_901, 383_869, 575_802]),
  vector('net.ipv4.ip_local_port_range', 'none', [32_768, 60_999]),
  { ...COMMON, name: 'kernel.sched_autogroup_enabled', where: where('kernel.sched_autogroup_enabled'), subsystem: 'scheduler', default: 1, type: { kind: 'boolean' } },
  {
    ...COMMON,
    name: 'thp.enabled',
    where: where('thp.enabled'),
    subsystem: 'hugepages',
    default: 'always',
    type: { kind: 'enum', brackets: true, open: false, values: ['always', 'madvise', 'never'].map((value) => ({ value, meaning: 'a mode' })) },
  },
]

export const CATALOGUE = Catalogue.of(KNOBS.map((knob) => KnobSchema.parse(knob)))

const PER_DEVICE: Readonly<Record<string, string>> = { 'block.read_ahead_kb': 'vda', 'cpufreq.scaling_min_freq': 'policy0', 'cpufreq.scaling_max_freq': 'policy0', 'hugetlb.nr_hugepages': 'hugepages-2048kB' }

export const HOST: HostFacts = {
  name: 'test', kernel: '6.1.0', boot_id: null, cpu_model: 'AMD EPYC 7763', cpus: 2, numa_nodes: 1, memory_bytes: 24 * 2 ** 30, swap_bytes: 0, block_devices: ['vda'], net_devices: ['eth0'], virtualization: 'vm',
}

export interface Scenario {
  readonly current?: Readonly<Record<KnobRef, KnobValue>>
  /** Knobs that this host lacks. */
  readonly absent?: readonly KnobRef[]
  readonly host?: HostFacts | null
  readonly metrics?: Readonly<Record<string, number>>
  readonly uncertainty?: number
}

/** What a guard is asked about a plan on a host with the kernel's defaults. */
export function proposalOf(plan: Readonly<Record<KnobRef, KnobValue>>, scenario: Scenario = {}): Pick<Proposal, 'plan' | 'current' | 'resulting' | 'catalogue' | 'snapshot'> {
  const { host = HOST, metrics = {}, uncertainty = 0.2 } = scenario
  const current = new Map<KnobRef, Reading>()
  for (const knob of KNOBS) {
    const device = PER_DEVICE[knob.name]
    const ref = device === undefined ? knob.name : `${knob.name}[${device}]`
    const value = scenario.current?.[ref] ?? knob.default ?? 0
    current.set(ref, scenario.absent?.includes(ref) ? { status: 'unavailable', knob: ref, reason: 'not here', successor: null } : { status: 'present', knob: ref, text: String(value), value, writable: true, live: true })
  }
  const resulting = new Map<KnobRef, KnobValue>()
  for (const reading of current.values()) if (reading.status === 'present') resulting.set(reading.knob, reading.value)
  for (const [ref, value] of Object.entries(plan)) resulting.set(ref, value)
  return {
    plan: { recommendations: Object.entries(plan).map(([knob, value]) => ({ ...draft(knob, value, uncertainty), proposed_by: 'test', changed_by: [] })), advice: [] },
    current,
    resulting,
    catalogue: CATALOGUE,
    snapshot: {
      time: '2026-01-01T00:00:00Z',
      host,
      metrics: Object.entries(metrics).map(([name, value]) => ({ name, value, unit: 'none', source: 'test' })),
      missing: [],
    },
  }
}

function draft(knob: KnobRef, value: KnobValue, uncertainty: number) {
  return { knob, value, rationale: 'because', cues: [], expected: { metric: 'p95_ms', change_pct: -5 }, uncertainty, rules: [], edges: [], traces: [], documents: [] } satisfies RecommendationDraft
}

const knobs = definePlugin({
  name: 'test-knobs',
  stage: 'knowledge',
  api: 1,
  options: z.strictObject({}),
  setup(kernel) {
    kernel.hooks.configure.tapPromise('knobs', (view) => KNOBS.forEach((knob) => view.knob(knob)))
  },
})

type Options = Parameters<typeof guardrailsBounds>[0]

/** The verdict of the plugin, mounted in a kernel. */
export async function verdictOn(plan: Readonly<Record<KnobRef, KnobValue>>, options: Options = {}, scenario: Scenario = {}) {
  await using kit = await mount([knobs(), guardrailsBounds(options)])
  const evidence = { edges: [], traces: [], documents: [] }
  const draft = await kit.kernel.hooks.guard.run(new VerdictDraft(), { ...kit.cycle, evidence, ...proposalOf(plan, scenario) })
  return draft.finish()
}

/** The rules that a plan breaks, with their knobs. */
export async function brokenBy(...args: Parameters<typeof verdictOn>): Promise<string[]> {
  return (await verdictOn(...args)).violations.map(({ rule, knob }) => `${rule} ${knob}`)
}
