import { keyedLines } from '../keyed.js'
import { type Collector, type MetricSpec, rate } from '../table.js'

/** In the file's order. TCP over IPv6 is counted with TCP over IPv4; UDP is not. */
const metrics: readonly MetricSpec[] = [
  rate('ip6.in_receives_per_s', 'Ip6InReceives', 'IPv6 packets received'),
  rate('ip6.in_discards_per_s', 'Ip6InDiscards', 'Good IPv6 packets dropped on receipt'),
  rate('ip6.out_requests_per_s', 'Ip6OutRequests', 'IPv6 packets sent'),
  rate('ip6.out_discards_per_s', 'Ip6OutDiscards', 'Good IPv6 packets dropped on sending'),
  rate('ip6.reasm_fails_per_s', 'Ip6ReasmFails', 'IPv6 packets that could not be put together from fragments'),
  rate('udp6.in_datagrams_per_s', 'Udp6InDatagrams', 'UDP datagrams received over IPv6'),
  rate('udp6.in_errors_per_s', 'Udp6InErrors', 'UDP datagrams over IPv6 that could not be delivered'),
  rate('udp6.out_datagrams_per_s', 'Udp6OutDatagrams', 'UDP datagrams sent over IPv6'),
  rate('udp6.rcvbuf_errors_per_s', 'Udp6RcvbufErrors', 'UDP datagrams over IPv6 dropped because a receive buffer was full'),
  rate('udp6.sndbuf_errors_per_s', 'Udp6SndbufErrors', 'UDP datagrams over IPv6 not sent because a send buffer was full'),
]

export const snmp6: Collector = {
  file: 'net/snmp6',
  rows: 'host',
  needs: 'it needs IPv6',
  metrics,
  open: () => keyedLines(metrics.map((metric) => metric.rule.column), ' '),
}
