import { type Limit, hold, percent } from './limits.js'
import type { Options } from './options.js'
import type { Rule } from './rule.js'
import { type State, numberIn } from './state.js'

/** The knobs that set the slice: of CFS up to 5.12, of CFS in debugfs up to 6.5, of EEVDF from 6.6 on. */
const SLICES = ['kernel.sched_min_granularity_ns', 'sched.min_granularity_ns', 'sched.base_slice_ns'] as const

/** Where slices get too short, switching tasks and refilling caches eat what they gain. */
const slices = SLICES.map(
  (knob): Limit => ({
    knobs: [knob],
    what: "a task's slice",
    side: 'at least',
    option: 'min_slice_us',
    bound: (options) => options.min_slice_us,
    quantity: (state) => over(numberIn(state, knob), 1000),
    format: microseconds,
  }),
)

/**
 * How long a task may wait while every other runnable task of its CPU has its slice. CFS stretches its round
 * (sched_latency_ns) once more tasks run than slices fit in (Documentation/scheduler/sched-design-CFS.rst).
 */
const wait: Limit = {
  knobs: [...SLICES, 'kernel.sched_latency_ns', 'sched.latency_ns'],
  what: "a runnable task's wait for its turn",
  side: 'at most',
  option: 'max_wait_ms',
  bound: (options) => options.max_wait_ms,
  quantity: (state, { runnable, cpus }) => {
    const sliceNs = longest(state, SLICES)
    if (runnable === undefined || sliceNs === undefined) return undefined
    const roundNs = longest(state, ['kernel.sched_latency_ns', 'sched.latency_ns']) ?? 0
    return Math.max(roundNs, Math.max(1, runnable / cpus) * sliceNs) / 1e6
  },
  format: (ms) => `${Number(ms.toPrecision(3))} ms`,
}

/** Real-time tasks may take this part of each period; the rest is what ordinary tasks live on. -1 leaves them nothing. */
const realtime: Limit = {
  knobs: ['kernel.sched_rt_runtime_us', 'kernel.sched_rt_period_us'],
  what: 'CPU time that real-time tasks may take',
  side: 'at most',
  option: 'max_realtime_share',
  bound: (options) => options.max_realtime_share,
  quantity: (state) => {
    const runtimeUs = numberIn(state, 'kernel.sched_rt_runtime_us')
    const periodUs = numberIn(state, 'kernel.sched_rt_period_us')
    if (runtimeUs === undefined || periodUs === undefined || periodUs <= 0) return undefined
    return runtimeUs < 0 ? 1 : runtimeUs / periodUs
  },
  format: percent,
}

/** Packets are processed in softirq context, which no task on that CPU can interrupt. */
const softirq: Limit = {
  knobs: ['net.core.netdev_budget_usecs'],
  what: 'one round of packet processing',
  side: 'at most',
  option: 'max_softirq_us',
  bound: (options) => options.max_softirq_us,
  quantity: (state) => numberIn(state, 'net.core.netdev_budget_usecs'),
  format: microseconds,
}

function longest(state: State, knobs: readonly string[]): number | undefined {
  const values = knobs.flatMap((knob) => numberIn(state, knob) ?? [])
  return values.length > 0 ? Math.max(...values) : undefined
}

function over(amount: number | undefined, divisor: number): number | undefined {
  return amount === undefined ? undefined : amount / divisor
}

function microseconds(us: number): string {
  return `${us} us`
}

/** What no_starvation holds. */
export const TURN_LIMITS: readonly Limit[] = [...slices, wait, realtime, softirq]

/** The kit's guardrail `no_starvation`: every runnable task gets its turn soon, and long enough to be of use. */
export const noStarvation: Rule = (proposal, options: Options) => hold('no_starvation', TURN_LIMITS, proposal, options)
