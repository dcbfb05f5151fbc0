import { Scan } from '../scan.js'
import { type Collector, Columns, gauge, hostTable } from '../table.js'

const COLUMNS = new Columns(['load1', 'load5', 'load15', 'tasks'])

/** Load averages count runnable tasks and those in uninterruptible sleep, disk waits for the most part. */
export const load: Collector = {
  file: 'loadavg',
  rows: 'host',
  metrics: [
    gauge('load', 'load1', 'tasks', 'Load average over 1 minute: tasks that run, wait for a CPU, or sleep uninterruptibly'),
    gauge('load5', 'load5', 'tasks', 'Load average over 5 minutes'),
    gauge('load15', 'load15', 'tasks', 'Load average over 15 minutes'),
    gauge('sched.tasks', 'tasks', 'tasks', 'Tasks that exist, threads included'),
  ],
  open: () => (text) => {
    const scan = new Scan(text)
    const averages = [scan.decimal(), scan.decimal(), scan.decimal()]
    // Runnable tasks, a slash, all tasks.
    const slash = text.indexOf('/', scan.at)
    return hostTable(COLUMNS, Float64Array.of(...averages, slash < 0 ? Number.NaN : new Scan(text, slash + 1).number()))
  },
}
