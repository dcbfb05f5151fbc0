import { Finder } from '../scan.js'
import { type Collector, Columns, type MetricSpec, gauge, hostTable } from '../table.js'

const metrics: readonly MetricSpec[] = [
  gauge('sockets.used', 'sockets used', 'count', 'Sockets of all kinds'),
  gauge('sockets.tcp_inuse', 'TCP inuse', 'count', 'TCP sockets over IPv4 in use, listening ones included'),
  gauge('sockets.tcp_orphan', 'TCP orphan', 'count', 'TCP connections without a program'),
  gauge('sockets.tcp_time_wait', 'TCP tw', 'count', 'TCP connections in TIME_WAIT; they hold a local port'),
  gauge('sockets.tcp_alloc', 'TCP alloc', 'count', 'TCP sockets allocated'),
  gauge('sockets.tcp_mem_pages', 'TCP mem', 'pages', 'Memory of TCP buffers; net.ipv4.tcp_mem limits it'),
  gauge('sockets.udp_inuse', 'UDP inuse', 'count', 'UDP sockets over IPv4 in use'),
  gauge('sockets.udp_mem_pages', 'UDP mem', 'pages', 'Memory of UDP buffers; net.ipv4.udp_mem limits it'),
  gauge('sockets.frag_inuse', 'FRAG inuse', 'count', 'Packets that wait for fragments'),
  gauge('sockets.frag_memory_bytes', 'FRAG memory', 'bytes', 'Memory of fragments; net.ipv4.ipfrag_high_thresh limits it'),
]

const COLUMNS = new Columns(metrics.map((metric) => metric.rule.column))
const LOOKUPS = COLUMNS.names.map((column) => {
  const [line = '', key = ''] = column.split(' ')
  return { line: `\n${line}:`, key: ` ${key} ` }
})

export const sockets: Collector = {
  file: 'net/sockstat',
  rows: 'host',
  metrics,
  open: () => (text) => {
    const finder = new Finder(text)
    return hostTable(COLUMNS, Float64Array.from(LOOKUPS, ({ line, key }) => finder.inLine(line, key).number()))
  },
}
