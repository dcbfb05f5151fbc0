import { type Document, type Trace, canberra, canberraDistance } from '@semantos/core'
import type { Seen } from './embedding.js'

/** What metrics count against facts of the machine. */
const METRICS_SHARE = 0.7
const MOST_NAMED = 4

export interface Near {
  readonly trace: Trace
  /** 0 (the same situation) to 1. */
  readonly distance: number
  readonly metrics: number
  readonly facts: number
}

/** How near a past situation is: Canberra's distance of its metrics, and of the facts of its machine, where words are the same or not. */
export function nearness(trace: Trace, now: Seen): Near {
  const metrics = canberraDistance(trace.metrics, now.metrics)
  const facts = canberraDistance(asNumbers(trace.host), asNumbers(now.host))
  const hasFacts = Object.keys(trace.host).length + Object.keys(now.host).length > 0
  return { trace, metrics, facts, distance: hasFacts ? METRICS_SHARE * metrics + (1 - METRICS_SHARE) * facts : metrics }
}

/** Why a run is near, to be cited beside it: what is alike, and what is not. */
export function explain({ trace, distance, metrics, facts }: Near, now: Seen): Document {
  const parts = canberra({ ...trace.metrics, ...asNumbers(trace.host) }, { ...now.metrics, ...asNumbers(now.host) }).parts
  const telling = parts.filter(({ name }) => valueOf(trace, name) !== '0' || valueOf(now, name) !== '0')
  const byNearness = telling.sort((a, b) => a.apart - b.apart || (a.name < b.name ? -1 : 1))
  const alike = byNearness.filter(({ apart }) => apart < 0.2).slice(0, MOST_NAMED)
  const unlike = byNearness.filter(({ apart }) => apart >= 0.2).slice(-MOST_NAMED).reverse()
  const list = (names: readonly { name: string }[]) => names.map(({ name }) => `${name} ${valueOf(trace, name)} then, ${valueOf(now, name)} now`).join('; ')
  const text = [
    `Distance ${distance.toFixed(3)} of 0..1 (metrics ${metrics.toFixed(3)}, machine ${facts.toFixed(3)}).`,
    ...(alike.length > 0 ? [`Alike: ${list(alike)}.`] : []),
    ...(unlike.length > 0 ? [`Unlike: ${list(unlike)}.`] : []),
  ]
  return { id: `near:${trace.id}`, title: `Why run ${trace.id} is near`, text: text.join(' '), source: `memory of past runs, run ${trace.id} of ${trace.time}` }
}

/** Words become quantities of their own, which the other machine has or lacks. */
function asNumbers(host: Trace['host']): Record<string, number> {
  return Object.fromEntries(Object.entries(host).map(([name, value]) => (typeof value === 'number' ? [name, value] : [`${name}: ${value}`, 1])))
}

function valueOf({ metrics, host }: Seen, name: string): string {
  const value = metrics[name] ?? asNumbers(host)[name]
  if (name.includes(': ')) return value === undefined ? 'no' : 'yes'
  return value === undefined ? 'not known' : String(Number(value.toPrecision(4)))
}
