import type { TuneTrial } from '../model/tune.js'
import { median } from '../stats/index.js'

/** A pressure that grows by fewer percentage points than this is taken for noise. */
const PRESSURE_POINTS = 10

/** What got worse beside the goal: the objective, throughput, errors, pressure, free memory. Empty where nothing did. */
export function worsened(before: readonly TuneTrial[], after: readonly TuneTrial[], tolerancePct: number, { p95_ms: objectiveMs }: { readonly p95_ms: number }): string[] {
  const found: string[] = []
  const p95 = change(before, after, (trial) => trial.result.latency.p95_ms)
  if (p95 !== null && p95.after > objectiveMs && p95.after > p95.before * (1 + tolerancePct / 100)) {
    found.push(`p95 ${rounded(p95.before)} -> ${rounded(p95.after)} ms, above the objective of ${objectiveMs} ms`)
  }
  const throughput = change(before, after, (trial) => trial.result.throughput_per_s)
  if (throughput !== null && throughput.after < throughput.before * (1 - tolerancePct / 100)) found.push(`throughput ${rounded(throughput.before)} -> ${rounded(throughput.after)} per s`)
  const errors = change(before, after, (trial) => (trial.result.errors / Math.max(1, trial.result.errors + trial.result.requests)) * 100)
  if (errors !== null && errors.after > errors.before + 0.1) found.push(`errors ${rounded(errors.before)} -> ${rounded(errors.after)}%`)
  // A service that no longer waits for a disk does more, and whoever does more waits more for a CPU: stalls count by the work done.
  const moreWork = throughput === null || throughput.before === 0 ? 1 : Math.max(1, throughput.after / throughput.before)
  for (const name of ['pressure.memory_full_pct', 'pressure.io_full_pct', 'pressure.cpu_some_pct']) {
    const pressure = change(before, after, (trial) => trial.metrics[name])
    if (pressure !== null && pressure.after > pressure.before * moreWork + PRESSURE_POINTS) found.push(`${name} ${rounded(pressure.before)} -> ${rounded(pressure.after)}`)
  }
  const memory = change(before, after, (trial) => trial.metrics['memory.available_bytes'])
  if (memory !== null && memory.after < memory.before / 2) found.push(`memory.available_bytes ${rounded(memory.before)} -> ${rounded(memory.after)}`)
  return found
}

function change(before: readonly TuneTrial[], after: readonly TuneTrial[], value: (trial: TuneTrial) => number | undefined): { before: number; after: number } | null {
  const values = (trials: readonly TuneTrial[]) => trials.map(value).filter((number) => number !== undefined)
  const [old, now] = [values(before), values(after)]
  return old.length === 0 || now.length === 0 ? null : { before: median(old), after: median(now) }
}

function rounded(value: number): string {
  return Number(value.toPrecision(4)).toString()
}
