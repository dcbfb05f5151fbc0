import type { TuneTrial } from '@semantos/core'

type Cell = string | number

const COLUMNS: readonly (readonly [name: string, cell: (trial: TuneTrial) => Cell])[] = [
  ['number', ({ number }) => number],
  ['phase', ({ phase }) => phase],
  ['arm', ({ arm }) => arm],
  ['started', ({ started }) => started],
  ['duration_ms', ({ duration_ms: ms }) => ms],
  ['p50_ms', ({ result }) => result.latency.p50_ms],
  ['p95_ms', ({ result }) => result.latency.p95_ms],
  ['p99_ms', ({ result }) => result.latency.p99_ms],
  ['max_ms', ({ result }) => result.latency.max_ms],
  ['throughput_per_s', ({ result }) => result.throughput_per_s],
  ['requests', ({ result }) => result.requests],
  ['errors', ({ result }) => result.errors],
  ['unseen', ({ result }) => result.unseen.join('; ')],
]

/**
 * Every trial as a row (RFC 4180, with \n): its own columns, then `counter.NAME` for each counter of the workload, then each metric under its
 * name, both in alphabetical order. An empty cell means that this trial did not have it.
 */
export function trialsCsv(trials: readonly TuneTrial[]): string {
  const counters = namesOf(trials.map(({ result }) => result.counters))
  const metrics = namesOf(trials.map((trial) => trial.metrics))
  const header = [...COLUMNS.map(([name]) => name), ...counters.map((name) => `counter.${name}`), ...metrics]
  const rows = trials.map((trial) => [
    ...COLUMNS.map(([, cell]) => cell(trial)),
    ...counters.map((name) => trial.result.counters[name] ?? ''),
    ...metrics.map((name) => trial.metrics[name] ?? ''),
  ])
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('')
}

function namesOf(records: readonly Readonly<Record<string, number>>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort()
}

function field(cell: Cell): string {
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
