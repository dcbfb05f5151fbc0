import { Scan } from '../scan.js'
import { type Collector, Columns, gauge, hostTable } from '../table.js'

const COLUMNS = new Columns(['uptime'])

export const uptime: Collector = {
  file: 'uptime',
  rows: 'host',
  metrics: [gauge('host.uptime_s', 'uptime', 's', 'Time since boot')],
  open: () => (text) => hostTable(COLUMNS, Float64Array.of(new Scan(text).decimal())),
}
