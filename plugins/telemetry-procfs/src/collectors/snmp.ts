import { counterMetric, protocolLines } from '../protocols.js'
import { type Collector, type MetricSpec, gauge, rate } from '../table.js'

/** Counters that point to a setting, in words. All others of the groups are reported as well, under their own names. */
const metrics: readonly MetricSpec[] = [
  rate('tcp.retrans_segs_per_s', 'Tcp RetransSegs', 'TCP segments sent again'),
  rate('tcp.out_segs_per_s', 'Tcp OutSegs', 'TCP segments sent, without those sent again'),
  rate('tcp.in_segs_per_s', 'Tcp InSegs', 'TCP segments received'),
  rate('tcp.active_opens_per_s', 'Tcp ActiveOpens', 'TCP connections this host opened'),
  rate('tcp.passive_opens_per_s', 'Tcp PassiveOpens', 'TCP connections this host was asked for'),
  rate('tcp.attempt_fails_per_s', 'Tcp AttemptFails', 'TCP connections that failed before they were established'),
  rate('tcp.estab_resets_per_s', 'Tcp EstabResets', 'Established TCP connections that were reset'),
  gauge('tcp.curr_estab', 'Tcp CurrEstab', 'count', 'TCP connections established right now'),
  rate('udp.rcvbuf_errors_per_s', 'Udp RcvbufErrors', 'UDP datagrams dropped because a receive buffer was full (net.core.rmem_default, rmem_max)'),
  rate('udp.sndbuf_errors_per_s', 'Udp SndbufErrors', 'UDP datagrams not sent because a send buffer was full (net.core.wmem_default, wmem_max)'),
  rate('udp.mem_errors_per_s', 'Udp MemErrors', 'UDP datagrams dropped because all UDP buffers together are too large (net.ipv4.udp_mem)'),
  rate('udp.in_errors_per_s', 'Udp InErrors', 'UDP datagrams that could not be delivered'),
  rate('udp.no_ports_per_s', 'Udp NoPorts', 'UDP datagrams to a port nobody listens on'),
  rate('ip.in_discards_per_s', 'Ip InDiscards', 'Good IPv4 packets dropped on receipt, for lack of memory or the like'),
  rate('ip.out_discards_per_s', 'Ip OutDiscards', 'Good IPv4 packets dropped on sending'),
  rate('ip.reasm_fails_per_s', 'Ip ReasmFails', 'IPv4 packets that could not be put together from fragments'),
  rate('ip.reasm_timeout_per_s', 'Ip ReasmTimeout', 'IPv4 packets whose fragments did not all come in time'),
]

/** https://docs.kernel.org/networking/snmp_counter.html */
export const snmp: Collector = {
  file: 'net/snmp',
  rows: 'host',
  metrics,
  others: counterMetric,
  open: () => protocolLines(['Ip', 'Icmp', 'Tcp', 'Udp']),
}
