import { streams } from '@semantos/core/kernel'

/** Ten hosts that are alike: the same machine and service, each quantity within 10% of the family's. */
export function family(seed, hosts = 10) {
  const draw = streams(seed)('family')
  const between = (low, high) => low + draw() * (high - low)
  const base = { load_tasks: between(6, 13), arrival_rate_per_s: between(6000, 10_000), upload_kib: between(128, 384), memory_overcommit_pct: between(1, 7), dirtyable_mib: between(1024, 4096) }
  const numaNodes = draw() < 0.5 ? 1 : 2
  return Array.from({ length: hosts }, () => ({
    ...Object.fromEntries(Object.entries(base).map(([name, value]) => [name, value * between(0.9, 1.1)])),
    numa_nodes: numaNodes,
    requests: 1500,
    traffic_variation_pct: 1,
  }))
}

/** What telemetry would show of a host: its baseline trial's counters, and what its options say. */
export function snapshotOf(host, trial) {
  const metrics = { ...trial.counters, p95_ms: trial.latency.p95_ms, load: host.load_tasks, irq_rate: host.arrival_rate_per_s * 2.5, numa_nodes: host.numa_nodes }
  return {
    time: '2026-01-01T00:00:00.000Z',
    host: null,
    missing: [],
    metrics: Object.entries(metrics).map(([name, value]) => ({ name, value, unit: 'number', source: 'experiment' })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}
