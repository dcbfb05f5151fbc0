import { type Document, formatValue, splitRef, type Trace } from '@semantos/core'
import { canberra } from '@semantos/stats'
import type { Near } from './nearest.js'
import { type Seen, quantitiesOf } from './nearness.js'

const MOST_NAMED = 4

/** Why a run is near, to be cited beside it: what is alike, and what is not. */
export function explainNearness({ trace, distance, ...parts }: Near, now: Seen): Document {
  const known = (['metrics', 'symptoms', 'machine', 'words'] as const).flatMap((part) => (parts[part] === null ? [] : [`${part} ${parts[part].toFixed(3)}`]))
  const { alike, unlike } = sorted(trace, now)
  const text = [
    `Distance ${distance.toFixed(3)} of 0..1 (${known.join(', ')}).`,
    ...workloads(trace.workload, now.workload),
    ...sentence('What it acted on', (trace.symptoms ?? []).slice(0, MOST_NAMED), trace, now),
    ...sentence('Alike', alike, trace, now),
    ...sentence('Unlike', unlike, trace, now),
  ]
  return { id: `near:${trace.id}`, title: `Why run ${trace.id} is near`, text: text.join(' '), source: `memory of past runs, run ${trace.id} of ${trace.time}` }
}

/** What a past run did with a knob, and what came of it. */
export function pastRunInWords({ id, time, workload, actions, improvement_pct, verdict }: Trace, knob: string): string {
  const change = actions.filter((action) => splitRef(action.knob).name === knob).map(({ from, to }) => `${from === null ? 'unknown' : formatValue(from)} to ${formatValue(to)}`)
  const others = actions.length > 1 ? ` with ${actions.length - 1} other${actions.length === 2 ? '' : 's'}` : ''
  const effect = improvement_pct === null ? '' : `, ${improvement_pct.toFixed(1)}%`
  return `run ${id} of ${time.slice(0, 10)} on ${workload} changed it from ${change.join(', ')}${others}: ${verdict}${effect}`
}

/** The metrics and facts that are nearest, and those that are farthest apart. What is zero both times tells nothing. */
function sorted(trace: Trace, now: Seen): { readonly alike: readonly string[]; readonly unlike: readonly string[] } {
  const { parts } = canberra({ ...trace.metrics, ...quantitiesOf(trace.host) }, { ...now.metrics, ...quantitiesOf(now.host) })
  const telling = parts.filter(({ name }) => valueOf(trace, name) !== '0' || valueOf(now, name) !== '0')
  const byNearness = telling.sort((a, b) => a.apart - b.apart || (a.name < b.name ? -1 : 1))
  const alike = byNearness.filter(({ apart }) => apart < 0.2).slice(0, MOST_NAMED)
  const unlike = byNearness.filter(({ apart }) => apart >= 0.2).slice(-MOST_NAMED).reverse()
  return { alike: alike.map(({ name }) => name), unlike: unlike.map(({ name }) => name) }
}

function workloads(then: string, now: string): string[] {
  if (then === 'none' || now === 'none') return []
  return [then === now ? `The same workload, ${now}.` : `Another workload: ${then} then, ${now} now.`]
}

function sentence(what: string, names: readonly string[], trace: Trace, now: Seen): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.map((name) => `${name} ${valueOf(trace, name)} then, ${valueOf(now, name)} now`).join('; ')}.`]
}

function valueOf({ metrics, host }: Seen, name: string): string {
  const value = metrics[name] ?? quantitiesOf(host)[name]
  if (name.includes(': ')) return value === undefined ? 'no' : 'yes'
  return value === undefined ? 'not known' : String(Number(value.toPrecision(4)))
}
