import { linesOf } from '../scan.js'
import { type Collector, Columns, type MetricSpec, rate, ratio } from '../table.js'

const COLUMNS = new Columns(['run_ns', 'wait_ns', 'timeslices'])
/** Numbers of a cpu line before the three that are read: https://docs.kernel.org/scheduler/sched-stats.html */
const SKIPPED = 6
const NS_PER_S_TO_MS_PER_S = 1e-6

const metrics: readonly MetricSpec[] = [
  rate('sched.run_queue_wait_ms_per_s', 'wait_ns', 'Time tasks stood runnable in a queue, added over tasks and CPUs', { unit: 'ms_per_s', scale: NS_PER_S_TO_MS_PER_S }),
  rate('sched.run_ms_per_s', 'run_ns', 'Time tasks ran, added over CPUs', { unit: 'ms_per_s', scale: NS_PER_S_TO_MS_PER_S }),
  rate('sched.timeslices_per_s', 'timeslices', 'Turns on a CPU that tasks were given'),
  ratio('sched.wait_per_timeslice_us', ['wait_ns', 'timeslices'], 'us', 'Mean time a task stood in the queue before a turn', 1e-3),
]

/** Run-queue wait. Its layout has been the same since version 15 of the file (2.6.30). */
export const schedstat: Collector = {
  file: 'schedstat',
  rows: 'cpu',
  needs: 'run-queue wait needs a kernel with CONFIG_SCHEDSTATS',
  metrics,
  open: () => (text) => {
    const rows = new Map<string, Float64Array>()
    for (const scan of linesOf(text)) {
      const name = scan.word()
      if (!name.startsWith('cpu')) continue
      for (let skipped = 0; skipped < SKIPPED; skipped++) scan.word()
      rows.set(name, Float64Array.of(scan.number(), scan.number(), scan.number()))
    }
    return { columns: COLUMNS, rows }
  },
}
