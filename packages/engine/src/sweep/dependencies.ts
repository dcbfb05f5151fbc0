import { type Edge, formatValue, type KnobValue, splitRef } from '@semantos/core'
import type { SweepBench } from './bench.js'

/** A knob with the values that guards allow for it while everything else stands as it is. */
export interface Allowed {
  readonly knob: string
  readonly values: readonly KnobValue[]
}

/** What a guard says when a value that is safe by itself is not, with another knob changed. */
export interface Dependency {
  readonly from: string
  readonly to: string
  readonly because: string
}

/**
 * Pairs in which one knob's safe values depend on the other's: both values are allowed alone, and together a guard refuses them. The one
 * that is refused for being too large is the one that depends: the other is its limit.
 */
export async function dependencies(bench: SweepBench, allowed: readonly Allowed[]): Promise<Dependency[]> {
  const found: Dependency[] = []
  for (const [index, one] of allowed.entries()) {
    for (const other of allowed.slice(index + 1)) {
      const dependency = await dependencyOf(bench, one, other)
      if (dependency) found.push(dependency)
    }
  }
  return found
}

async function dependencyOf(bench: SweepBench, one: Allowed, other: Allowed): Promise<Dependency | null> {
  const refused: { a: KnobValue; b: KnobValue; guard: string }[] = []
  for (const a of one.values) {
    for (const b of other.values) {
      const [violation] = await bench.violations([{ knob: one.knob, value: a }, { knob: other.knob, value: b }])
      if (violation) refused.push({ a, b, guard: violation.guard })
    }
  }
  const [first] = refused
  if (!first) return null
  const tooLarge = excess(refused.map(({ a }) => a), one.values) >= excess(refused.map(({ b }) => b), other.values)
  const [from, to] = tooLarge ? [one.knob, other.knob] : [other.knob, one.knob]
  return { from, to, because: `${first.guard} refuses ${one.knob} = ${formatValue(first.a)} with ${other.knob} = ${formatValue(first.b)}, each of which it allows alone` }
}

/** How far refused values lie above the values tried, in shares of their mean; words have no size. */
function excess(refused: readonly KnobValue[], tried: readonly KnobValue[]): number {
  const [high, usual] = [meanOf(refused), meanOf(tried)]
  return usual === 0 ? 0 : high / usual - 1
}

function meanOf(values: readonly KnobValue[]): number {
  const numbers = values.filter((value) => typeof value === 'number')
  return numbers.length === 0 ? 0 : numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}

export function edgeOfDependency({ from, to, because }: Dependency, run: string, time: string): Edge {
  return { from: splitRef(from).name, to: splitRef(to).name, kind: 'depends_on', weight: 1, evidence_count: 1, source: `sweep ${run}: ${because}`, updated: time }
}
