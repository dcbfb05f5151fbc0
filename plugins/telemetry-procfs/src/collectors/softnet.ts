import { linesOf } from '../scan.js'
import { type Collector, Columns, type MetricSpec, gauge, rate } from '../table.js'

/** Columns by place, in the kernel's order (net/core/net-procfs.c); the file has no header. */
const PLACES = { processed: 0, dropped: 1, time_squeezed: 2, received_rps: 9, flow_limit: 10, backlog: 11 }
/** Since 5.10 a line says which CPU it is about; offline ones are left out. */
const CPU_PLACE = 12
const COLUMNS = new Columns(Object.keys(PLACES))

const metrics: readonly MetricSpec[] = [
  rate('softnet.processed_per_s', 'processed', 'Packets taken from device queues and the backlog'),
  rate('softnet.dropped_per_s', 'dropped', "Packets dropped because a CPU's backlog (net.core.netdev_max_backlog) was full"),
  rate('softnet.time_squeezed_per_s', 'time_squeezed', 'Times packet processing stopped with work left because net.core.netdev_budget or netdev_budget_usecs was spent'),
  rate('softnet.received_rps_per_s', 'received_rps', 'Times a CPU was woken to process packets steered to it by RPS'),
  rate('softnet.flow_limit_per_s', 'flow_limit', 'Packets dropped because one flow filled the backlog'),
  gauge('softnet.backlog_packets', 'backlog', 'packets', 'Packets in the backlogs right now'),
]

export const softnet: Collector = {
  file: 'net/softnet_stat',
  rows: 'cpu',
  metrics,
  open: () => (text) => {
    const rows = new Map<string, Float64Array>()
    for (const scan of linesOf(text)) {
      const cells: number[] = []
      while (!scan.lineDone) cells.push(scan.hex())
      rows.set(`cpu${cells[CPU_PLACE] ?? rows.size}`, Float64Array.from(Object.values(PLACES), (place) => cells[place] ?? Number.NaN))
    }
    return { columns: COLUMNS, rows }
  },
}
