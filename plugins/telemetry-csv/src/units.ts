import { unitOf } from '@semantos/core'

/** Metrics whose names do not end in their unit. */
const KNOWN: ReadonlyMap<string, string> = new Map([['irq_rate', 'per_s'], ['load', 'tasks'], ['load5', 'tasks'], ['load15', 'tasks']])

/** The unit a column's name tells of, `none` where it tells of none. */
export function unitOfColumn(name: string): string {
  return KNOWN.get(name.replace(/\[.*$/, '')) ?? unitOf(name) ?? 'none'
}
