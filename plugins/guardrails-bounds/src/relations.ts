import { joinRef, type KnobName, type KnobRef, splitRef } from '@semantos/core'
import { type Rule, show, violation } from './rule.js'
import { type State, numberIn, stateAfter, touched } from './state.js'

interface Order {
  readonly lower: KnobName
  readonly upper: KnobName
  /** What goes wrong otherwise. */
  readonly why: string
}

/**
 * Knobs of which one must not exceed the other; the dirty limits have a rule of their own. somaxconn and
 * tcp_max_syn_backlog are not among them: either may be larger.
 */
export const ORDERS: readonly Order[] = [
  { lower: 'kernel.sched_min_granularity_ns', upper: 'kernel.sched_latency_ns', why: 'one slice would be longer than the round in which all tasks run' },
  { lower: 'kernel.sched_wakeup_granularity_ns', upper: 'kernel.sched_latency_ns', why: 'a woken task could never take the CPU over' },
  { lower: 'kernel.sched_rt_runtime_us', upper: 'kernel.sched_rt_period_us', why: 'the kernel refuses more real-time runtime than there is time' },
  { lower: 'net.core.rmem_default', upper: 'net.core.rmem_max', why: 'a socket would start with a buffer it may not ask for' },
  { lower: 'net.core.wmem_default', upper: 'net.core.wmem_max', why: 'a socket would start with a buffer it may not ask for' },
  { lower: 'net.ipv4.neigh.default.gc_thresh1', upper: 'net.ipv4.neigh.default.gc_thresh2', why: 'entries would not be collected before the soft limit' },
  { lower: 'net.ipv4.neigh.default.gc_thresh2', upper: 'net.ipv4.neigh.default.gc_thresh3', why: 'the soft limit would lie above the hard one' },
  { lower: 'net.ipv6.neigh.default.gc_thresh1', upper: 'net.ipv6.neigh.default.gc_thresh2', why: 'entries would not be collected before the soft limit' },
  { lower: 'net.ipv6.neigh.default.gc_thresh2', upper: 'net.ipv6.neigh.default.gc_thresh3', why: 'the soft limit would lie above the hard one' },
  { lower: 'net.ipv4.ipfrag_low_thresh', upper: 'net.ipv4.ipfrag_high_thresh', why: 'the low mark would lie above the limit' },
  { lower: 'net.ipv4.tcp_reordering', upper: 'net.ipv4.tcp_max_reordering', why: 'the first guess would exceed the limit of what is learned' },
  { lower: 'net.ipv4.tcp_retries1', upper: 'net.ipv4.tcp_retries2', why: 'the connection would be given up before the route is asked again' },
  { lower: 'cpufreq.scaling_min_freq', upper: 'cpufreq.scaling_max_freq', why: 'the kernel refuses a floor above the ceiling' },
]

/** The state that would result keeps every order between two knobs that the plan touches. */
export const relations: Rule = function* (proposal) {
  const changed = touched(proposal)
  const state = stateAfter(proposal)
  for (const { lower, upper, why } of ORDERS) {
    if (!changed.has(lower) && !changed.has(upper)) continue
    for (const [low, high] of pairs(state, lower, upper)) {
      const below = numberIn(state, low)
      const above = numberIn(state, high)
      if (below === undefined || above === undefined || below <= above) continue
      const ref = changed.has(lower) ? low : high
      const fix = `Keep ${low} at or below ${high}; change both in one plan if need be.`
      yield violation('relation', ref, `${low} = ${below} would exceed ${high} = ${above}: ${why}`, fix)
    }
  }
}

/** The two knobs once, or for each device that has the lower one. */
function* pairs(state: State, lower: KnobName, upper: KnobName): Iterable<[KnobRef, KnobRef]> {
  for (const ref of state.keys()) {
    const { name, device } = splitRef(ref)
    if (name === lower) yield [ref, joinRef(upper, device)]
  }
}

/** A knob and one that it resets cannot both be set: whichever is written last wins, and the other becomes 0. */
export const exclusive: Rule = function* ({ plan, catalogue }) {
  const planned = new Map(plan.recommendations.map(({ knob, value }) => [knob, value]))
  const done = new Set<KnobRef>()
  for (const [ref, value] of planned) {
    done.add(ref)
    for (const other of catalogue.get(ref)?.resets ?? []) {
      const wanted = planned.get(other)
      if (wanted === undefined || done.has(other)) continue
      const both = `${ref} = ${show(value)} and ${other} = ${show(wanted)}`
      yield violation('exclusive', ref, `${both} exclude each other: writing one sets the other to 0`, `Keep only one of ${ref} and ${other}.`)
    }
  }
}
