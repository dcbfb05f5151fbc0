import type { Trace } from '@semantos/core'
import { canberraDistance, type Quantities } from '@semantos/stats'

/** A situation, as past and present ones are compared. A workload of `none` is not known. */
export type Seen = Pick<Trace, 'metrics' | 'host' | 'workload'>

/** How far a past situation is from the present one: 0 (the same) to 1. A part is null where neither says anything of it. */
export interface Nearness {
  readonly distance: number
  readonly metrics: number
  /** Of the metrics that made the past run act, as they are now. */
  readonly symptoms: number | null
  /** Of the facts of the machine. */
  readonly machine: number | null
  /** Of the words for workload and machine. */
  readonly words: number | null
}

/** What each part counts. A part that is not known leaves its share to the others. */
const SHARES = { metrics: 0.35, symptoms: 0.25, machine: 0.15, words: 0.25 } as const
const PARTS = ['metrics', 'symptoms', 'machine', 'words'] as const

/** Compares a past run with the present situation. `words` is what an index of words says of it. */
export function nearness(trace: Trace, now: Seen, words: number | null): Nearness {
  const parts = { metrics: canberraDistance(trace.metrics, now.metrics), symptoms: symptomsApart(trace, now), machine: machineApart(trace, now), words }
  let [sum, shares] = [0, 0]
  for (const part of PARTS) {
    const apart = parts[part]
    if (apart === null) continue
    sum += SHARES[part] * apart
    shares += SHARES[part]
  }
  return { distance: sum / shares, ...parts }
}

/** Facts as numbers: a word becomes a quantity of its own, which the other machine has or lacks. */
export function quantitiesOf(host: Trace['host']): Quantities {
  return Object.fromEntries(Object.entries(host).map(([name, value]) => (typeof value === 'number' ? [name, value] : [`${name}: ${value}`, 1])))
}

function symptomsApart({ symptoms = [], metrics }: Trace, now: Seen): number | null {
  return symptoms.length === 0 ? null : canberraDistance(only(symptoms, metrics), only(symptoms, now.metrics))
}

function machineApart({ host }: Trace, now: Seen): number | null {
  return Object.keys(host).length + Object.keys(now.host).length === 0 ? null : canberraDistance(quantitiesOf(host), quantitiesOf(now.host))
}

function only(names: readonly string[], metrics: Quantities): Quantities {
  return Object.fromEntries(names.flatMap((name) => (metrics[name] === undefined ? [] : [[name, metrics[name]]])))
}
