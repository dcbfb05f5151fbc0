import { REFERENCE_CONNECTIONS } from '../arrivals.js'
import type { Mechanism } from './mechanism.js'

/**
 * A request wakes its worker several times, and each time the worker waits behind half of the others that are runnable,
 * each of which keeps the CPU for one quantum:
 *
 *   slice   = max(latency / n, min_granularity)                            [ms]  the share of a period, or the floor under it
 *   quantum = min(max(min_granularity, wakeup_granularity), slice)         [ms]
 *   delay   = sum over wake-ups: (n - 1) / 2 * quantum                     [ms]  waiting
 *           + n * CPU_MS * (1 + REFILL_MS / quantum)                       [ms]  running, among n, with caches refilled a switch
 *
 * The quantum is where knobs interact. A woken task takes the CPU once the running one has had its minimum granularity
 * *and* leads by the wake-up granularity: the larger of the two decides, so lowering one alone helps only until the other
 * stands in the way. (The kernel makes the first test at the tick, the second at the wake-up; here both are made at once.)
 * At the latest the slice's end brings the switch, and the slice cannot fall below the minimum granularity however small the
 * latency is made.
 *
 * n runnable tasks a CPU = load_tasks * RUNNABLE * (1 + ahead / REFERENCE_CONNECTIONS) / 2, and 0.6 to 1.4 times that over the
 * wake-ups of one request. Workers of a loaded host sleep too briefly to earn the sleeper's bonus, so it is left out.
 *
 * Sources: Linux 5.10 kernel/sched/fair.c (__sched_period, sched_slice, check_preempt_tick, wakeup_preempt_entity),
 * Documentation/scheduler/sched-design-CFS.rst; the cost of a refill (microseconds up to more than 1 ms): Li, Ding, Shen,
 * Quantifying the cost of context switch, ExpCS 2007.
 */
const WAKE_UPS = 7
/** The rest of the load average sleeps uninterruptibly. */
const RUNNABLE = 0.8
const CPU_MS = 2.5
const REFILL_MS = 1.5
/** The kernel's own lower limit of the minimum granularity (min_sched_granularity_ns). */
const SHORTEST_QUANTUM_MS = 0.1

export const scheduler: Mechanism = ({ count, ahead, latencyMs }, knobs, options) => {
  const handoverMs = Math.max(knobs.minGranularityMs, knobs.wakeupGranularityMs)
  const runnableWhenQuiet = (options.load_tasks * RUNNABLE) / 2
  let waitedMs = 0
  let preemptions = 0
  for (let i = 0; i < count; i++) {
    const runnable = runnableWhenQuiet * (1 + (ahead[i] ?? 0) / REFERENCE_CONNECTIONS)
    let waitingMs = 0
    let runningMs = 0
    for (let wakeUp = 0; wakeUp < WAKE_UPS; wakeUp++) {
      const tasks = Math.max(1, runnable * (0.6 + (wakeUp + 0.5) * (0.8 / WAKE_UPS)))
      const sliceMs = Math.max(knobs.latencyMs / tasks, knobs.minGranularityMs)
      const quantumMs = Math.max(Math.min(handoverMs, sliceMs), SHORTEST_QUANTUM_MS)
      const switches = CPU_MS / WAKE_UPS / quantumMs
      waitingMs += ((tasks - 1) / 2) * quantumMs
      runningMs += tasks * (CPU_MS / WAKE_UPS + switches * REFILL_MS)
      preemptions += switches
    }
    waitedMs += waitingMs
    latencyMs[i] = (latencyMs[i] ?? 0) + waitingMs + runningMs
  }
  return { run_queue_wait_ms: waitedMs, preemptions }
}
