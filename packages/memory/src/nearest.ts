import { hostOf, metricsOf, type Observed, type Trace } from '@semantos/core'
import { type Nearness, type Seen, nearness } from './nearness.js'
import { wordsApart } from './words.js'

/** A past run, and how near it is. */
export interface Near extends Nearness {
  readonly trace: Trace
}

/** The present situation, as traces are compared with it. */
export function seenBy({ snapshot, workload }: Pick<Observed, 'snapshot' | 'workload'>): Seen {
  return { metrics: metricsOf(snapshot.metrics), host: hostOf(snapshot.host), workload: workload ?? 'none' }
}

/** The past runs that are nearest to a situation, nearest first; of equally near ones the newer. */
export async function nearest(traces: readonly Trace[], now: Seen, count: number): Promise<Near[]> {
  if (count === 0) return []
  const words = await wordsApart(traces, now)
  return traces
    .map((trace, index) => ({ trace, ...nearness(trace, now, words.get(index) ?? null) }))
    .sort((a, b) => a.distance - b.distance || newestFirst(a.trace, b.trace))
    .slice(0, count)
}

/** True for what a run, or a tune of that name, has left: it is no evidence for itself when it is repeated. */
export function isOfRun({ id }: Trace, run: string): boolean {
  return id === run || id.startsWith(`${run}/`)
}

function newestFirst(a: Trace, b: Trace): number {
  if (a.time !== b.time) return a.time > b.time ? -1 : 1
  return a.id < b.id ? -1 : 1
}
