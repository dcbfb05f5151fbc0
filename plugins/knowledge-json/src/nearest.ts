import type { Trace } from '@semantos/core'

type Metrics = Trace['metrics']

/** The traces whose metrics were most like these, nearest first; of equally near ones the newer. */
export function nearest(traces: readonly Trace[], metrics: Metrics, count: number): Trace[] {
  return traces
    .map((trace) => ({ trace, distance: distance(trace.metrics, metrics) }))
    .sort((a, b) => a.distance - b.distance || newestFirst(a.trace, b.trace))
    .slice(0, count)
    .map(({ trace }) => trace)
}

/** Canberra distance over all metrics that either has, 0 (the same) to 1: free of units. A metric that one lacks counts 1. */
export function distance(a: Metrics, b: Metrics): number {
  const names = Object.keys(a)
  const onlyInB = Object.keys(b).filter((name) => !(name in a)).length
  const apart = names.reduce((sum, name) => sum + apartness(a[name], b[name]), onlyInB)
  return names.length + onlyInB === 0 ? 1 : apart / (names.length + onlyInB)
}

function apartness(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return 1
  return a === b ? 0 : Math.abs(a - b) / (Math.abs(a) + Math.abs(b))
}

function newestFirst(a: Trace, b: Trace): number {
  if (a.time !== b.time) return a.time > b.time ? -1 : 1
  return a.id < b.id ? -1 : 1
}
