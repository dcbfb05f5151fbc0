import { shuffled } from '@semantos/core/kernel'
import { DEFAULTS } from './bench.mjs'
import { snapshotOf } from './hosts.mjs'

/** Values of each knob: five over the search range of the catalogue. */
export function levels(catalogue, knob) {
  const { min, max, step } = catalogue.get(knob).type.search
  const ladder = Array.from({ length: 5 }, (_, index) => min + Math.round(((index / 4) * (max - min)) / step) * step)
  return [...new Set([...ladder, DEFAULTS.get(knob) * 4, DEFAULTS.get(knob) / 4].filter((value) => Number.isInteger(value) && value >= min && value <= max))]
}

const MOST_TRIALS = 150
/** A trial must be this much better than the best so far. */
const BETTER = 0.995

/**
 * Searches for a low p95: what helped before, then what rules say, then moves of single knobs and, along synergies, of pairs, until nothing
 * helps. Returns how many trials it took to come within 2% of `best`, by p95 without noise, and the settings it ends with.
 */
export async function search(bench, host, arm, best) {
  let [tried, harmful, refused, reached] = [0, 0, 0, null]
  let incumbent = new Map()
  const baseline = await bench.trial(incumbent, tried++)
  const snapshot = snapshotOf(host, baseline)
  let lowest = baseline.latency.p95_ms
  const baselineTrue = await bench.trueP95(new Map())

  const consider = async (settings) => {
    if (tried >= MOST_TRIALS) return false
    if (!(await bench.allows(settings, snapshot))) return void refused++
    const result = await bench.trial(settings, tried++)
    if ((await bench.trueP95(settings)) > 1.1 * baselineTrue) harmful++
    if (result.latency.p95_ms >= lowest * BETTER) return false
    lowest = result.latency.p95_ms
    incumbent = settings
    if (reached === null && (await bench.trueP95(settings)) <= 1.02 * best) reached = tried
    return true
  }

  const evidence = await bench.evidence(snapshot)
  const helped = [...evidence.traces].filter(({ improvement_pct: improvement }) => improvement > 0).sort((a, b) => b.improvement_pct - a.improvement_pct)
  for (const { actions } of helped.slice(0, 2)) await consider(new Map(actions.map(({ knob, to }) => [knob, to])))

  const { recommendations } = await bench.plan(snapshot, evidence)
  const advised = recommendations.filter(({ knob, value }) => DEFAULTS.has(knob) && value !== DEFAULTS.get(knob))
  if (advised.length > 0) await consider(new Map([...incumbent, ...advised.map(({ knob, value }) => [knob, value])]))

  const knobs = [...DEFAULTS.keys()]
  const order = shuffled(knobs, bench.random('order')).sort((a, b) => Number(advised.some(({ knob }) => knob === b)) - Number(advised.some(({ knob }) => knob === a)))
  // An edge of edges.json is offered by knowledge-json and by knowledge-graph: once is enough.
  const once = new Map(evidence.edges.map((edge) => [`${edge.from} ${edge.kind} ${edge.to}`, edge]))
  const edges = [...once.values()].filter(({ from, to }) => DEFAULTS.has(from) && DEFAULTS.has(to))
  const synergies = edges.filter(({ kind }) => kind === 'synergizes_with').sort((a, b) => b.weight - a.weight)
  const rivals = (knob) => edges.filter(({ kind, from, to }) => kind === 'conflicts_with' && (from === knob || to === knob)).map(({ from, to }) => (from === knob ? to : from))

  for (let improved = true; improved && tried < MOST_TRIALS; ) {
    improved = false
    for (const { from, to } of synergies) for (const a of outward(bench, from)) for (const b of outward(bench, to)) improved = (await consider(new Map([...incumbent, [from, a], [to, b]]))) || improved
    const waiting = order.filter((knob) => rivals(knob).some((rival) => incumbent.has(rival)))
    for (const knob of [...order.filter((one) => !waiting.includes(one)), ...waiting]) {
      for (const value of levels(bench.catalogue, knob)) {
        if ((incumbent.get(knob) ?? DEFAULTS.get(knob)) !== value) improved = (await consider(new Map([...incumbent, [knob, value]]))) || improved
      }
    }
  }
  return { reached, tried, harmful, refused, incumbent, snapshot, improvement: 100 * (1 - (await bench.trueP95(incumbent)) / baselineTrue) }
}

/** The ends of a knob's range, for a pair: four combinations in place of sixteen. */
function outward(bench, knob) {
  const values = levels(bench.catalogue, knob)
  return [Math.min(...values), Math.max(...values)]
}

/** The lowest p95 without noise, by moving single knobs and pairs over all levels until nothing helps: what a search is measured against. */
export async function oracle(bench) {
  const knobs = [...DEFAULTS.keys()]
  let [incumbent, lowest] = [new Map(), await bench.trueP95(new Map())]
  const move = async (settings) => {
    const p95 = await bench.trueP95(settings)
    if (p95 >= lowest * 0.9999) return false
    ;[incumbent, lowest] = [settings, p95]
    return true
  }
  for (let improved = true; improved; ) {
    improved = false
    for (const [index, one] of knobs.entries()) {
      for (const a of levels(bench.catalogue, one)) {
        const single = new Map([...incumbent, [one, a]])
        if (await bench.allows(single, snapshotOf({}, { counters: {}, latency: { p95_ms: 1 } }))) improved = (await move(single)) || improved
      }
      for (const other of PAIRED.filter((pair) => pair.includes(one)).map(([a, b]) => (a === one ? b : a))) {
        if (knobs.indexOf(other) < index) continue
        for (const a of levels(bench.catalogue, one)) for (const b of levels(bench.catalogue, other)) improved = (await move(new Map([...incumbent, [one, a], [other, b]]))) || improved
      }
    }
  }
  return lowest
}

/** The pairs that act on each other in the model; all others add up. */
const PAIRED = [
  ['kernel.sched_min_granularity_ns', 'kernel.sched_wakeup_granularity_ns'],
  ['kernel.sched_latency_ns', 'kernel.sched_min_granularity_ns'],
  ['kernel.sched_latency_ns', 'kernel.sched_wakeup_granularity_ns'],
  ['vm.dirty_background_ratio', 'vm.dirty_ratio'],
]
