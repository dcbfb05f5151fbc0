import { Scan } from '../scan.js'
import { type Collector, Columns, gauge, hostTable, share } from '../table.js'

const COLUMNS = new Columns(['allocated', 'unused', 'max'])

/** https://docs.kernel.org/admin-guide/sysctl/fs.html#file-max-file-nr */
export const files: Collector = {
  file: 'sys/fs/file-nr',
  rows: 'host',
  metrics: [
    gauge('files.open', 'allocated', 'count', 'Open files of all programs'),
    gauge('files.limit', 'max', 'count', 'Most open files the kernel allows (fs.file-max)'),
    share('files.used_pct', ['allocated', 'max'], 'Open files in percent of the most allowed'),
  ],
  open: () => (text) => {
    const scan = new Scan(text)
    return hostTable(COLUMNS, Float64Array.of(scan.number(), scan.number(), scan.number()))
  },
}
