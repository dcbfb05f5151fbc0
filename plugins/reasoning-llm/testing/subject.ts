import { readFileSync, readdirSync } from 'node:fs'
import { Catalogue, type Evidence, formatValue, type HostFacts, Knob, type KnobRef, type KnobValue, type Metric, type Plan, type Reading, type Recommendation } from '@semantos/core'
import { z } from 'zod'
import type { Subject } from '../src/prompt.js'

const DATA = new URL('../../knowledge-catalogue/data/', import.meta.url)
const DataFile = z.object({ knobs: z.array(Knob) })

/** The catalogue as it is shipped. */
export const CATALOGUE = Catalogue.of(
  readdirSync(DATA)
    .filter((name) => name !== 'left-out.json')
    .flatMap((name) => DataFile.parse(JSON.parse(readFileSync(new URL(name, DATA), 'utf8'))).knobs),
)

export const HOST: HostFacts = {
  name: 'db7.customer.example', kernel: '6.18.0', boot_id: null, cpu_model: 'AMD EPYC 7763', cpus: 8, numa_nodes: 1, memory_bytes: 32 * 2 ** 30, swap_bytes: 0,
  block_devices: ['vda'], net_devices: ['eth0'], virtualization: 'vm',
}

export const METRICS: Readonly<Record<string, number>> = { p95_ms: 182.3, load: 9.4, irq_rate: 21_000, 'memory.dirty_bytes': 4_000_000, 'pressure.io_some_pct': 12.5 }

/** What stands on the host of the tests. */
export const CURRENT: Readonly<Record<KnobRef, KnobValue>> = {
  'vm.swappiness': 60,
  'vm.dirty_ratio': 20,
  'vm.dirty_background_ratio': 10,
  'net.core.somaxconn': 4096,
  'net.core.netdev_max_backlog': 1000,
  'net.ipv4.tcp_rmem': [4096, 131_072, 6_291_456],
  'net.ipv4.tcp_congestion_control': 'cubic',
  'block.read_ahead_kb[vda]': 128,
  'block.read_ahead_kb[vdb]': 128,
}

export interface Scene {
  readonly current?: Readonly<Record<KnobRef, KnobValue>>
  readonly readings?: readonly Reading[]
  readonly metrics?: readonly Metric[]
  readonly evidence?: Partial<Evidence>
  readonly host?: HostFacts | null
}

export function subjectOf({ current = CURRENT, readings = [], metrics, evidence = {}, host = HOST }: Scene = {}): Subject {
  const present = Object.entries(current).map(([knob, value]): Reading => ({ status: 'present', knob, text: formatValue(value), value, writable: true, live: true }))
  return {
    slo: { p95_ms: 120 },
    catalogue: CATALOGUE,
    current: new Map([...present, ...readings].map((reading) => [reading.knob, reading])),
    evidence: { edges: [], traces: [], documents: [], ...evidence },
    snapshot: {
      time: '2026-01-01T00:00:00.000Z',
      host,
      metrics: metrics ?? Object.entries(METRICS).map(([name, value]) => ({ name, value, unit: name.endsWith('_ms') ? 'ms' : 'count', source: 'test' })),
      missing: [],
    },
  }
}

export const NO_PLAN: Plan = { recommendations: [], advice: [] }

/** A plan of rules, sure by 0.2 unless it says otherwise. */
export function planOf(values: Readonly<Record<KnobRef, KnobValue>>, part: Partial<Recommendation> = {}): Plan {
  return {
    recommendations: Object.entries(values).map(([knob, value]) => ({
      knob, value, rationale: 'a rule says so', cues: [], expected: { metric: 'p95_ms', change_pct: -5 }, uncertainty: 0.2, rules: ['r1'], edges: [], traces: [], documents: [],
      ...part, proposed_by: 'rules', changed_by: [],
    })),
    advice: [],
  }
}
