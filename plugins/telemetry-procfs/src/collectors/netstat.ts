import { counterMetric, protocolLines } from '../protocols.js'
import { type Collector, type MetricSpec, rate } from '../table.js'

/** Counters that point to a setting, in words. All others of the groups are reported as well, under their own names. */
const metrics: readonly MetricSpec[] = [
  rate('tcpext.listen_overflows_per_s', 'TcpExt ListenOverflows', 'Connections dropped because the accept queue of a listening socket was full'),
  rate('tcpext.listen_drops_per_s', 'TcpExt ListenDrops', 'Connection attempts a listening socket dropped for any reason, overflows included'),
  rate('tcpext.tcp_syn_retrans_per_s', 'TcpExt TCPSynRetrans', 'SYN and SYN/ACK packets sent again'),
  rate('tcpext.tcp_req_q_full_do_cookies_per_s', 'TcpExt TCPReqQFullDoCookies', 'SYN queue full, answered with a cookie'),
  rate('tcpext.tcp_req_q_full_drop_per_s', 'TcpExt TCPReqQFullDrop', 'SYN queue full, attempt dropped because cookies are off'),
  rate('tcpext.syncookies_sent_per_s', 'TcpExt SyncookiesSent', 'SYN cookies sent'),
  rate('tcpext.syncookies_failed_per_s', 'TcpExt SyncookiesFailed', 'Bad SYN cookies received'),
  rate('tcpext.prune_called_per_s', 'TcpExt PruneCalled', 'Times received data was squeezed because a receive buffer was full'),
  rate('tcpext.rcv_pruned_per_s', 'TcpExt RcvPruned', 'Packets dropped because squeezing a receive buffer did not help'),
  rate('tcpext.tcp_rcv_collapsed_per_s', 'TcpExt TCPRcvCollapsed', 'Packets merged to save memory of a receive buffer'),
  rate('tcpext.tcp_backlog_drop_per_s', 'TcpExt TCPBacklogDrop', "Packets dropped because a socket's backlog was full"),
  rate('tcpext.tcp_ofo_drop_per_s', 'TcpExt TCPOFODrop', 'Out-of-order packets dropped for lack of receive buffer'),
  rate('tcpext.tcp_rcv_q_drop_per_s', 'TcpExt TCPRcvQDrop', 'Packets dropped because a receive queue was full'),
  rate('tcpext.tcp_zero_window_drop_per_s', 'TcpExt TCPZeroWindowDrop', 'Packets dropped because the advertised window was zero'),
  rate('tcpext.tcp_want_zero_window_adv_per_s', 'TcpExt TCPWantZeroWindowAdv', 'Times a socket wanted to advertise a window of zero'),
  rate('tcpext.tcp_to_zero_window_adv_per_s', 'TcpExt TCPToZeroWindowAdv', 'Times a socket closed its window to zero'),
  rate('tcpext.tcp_memory_pressures_per_s', 'TcpExt TCPMemoryPressures', 'Times TCP came under memory pressure (net.ipv4.tcp_mem)'),
  rate('tcpext.tcp_abort_on_memory_per_s', 'TcpExt TCPAbortOnMemory', 'Connections cut for lack of memory or by net.ipv4.tcp_max_orphans'),
  rate('tcpext.tcp_time_wait_overflow_per_s', 'TcpExt TCPTimeWaitOverflow', 'TIME_WAIT entries refused (net.ipv4.tcp_max_tw_buckets)'),
  rate('tcpext.tcp_timeouts_per_s', 'TcpExt TCPTimeouts', 'Retransmission timers that ran out'),
  rate('tcpext.tcp_lost_retransmit_per_s', 'TcpExt TCPLostRetransmit', 'Retransmitted packets that were lost again'),
  rate('tcpext.tcp_fast_retrans_per_s', 'TcpExt TCPFastRetrans', 'Packets sent again without waiting for a timer'),
  rate('tcpext.tcp_slow_start_retrans_per_s', 'TcpExt TCPSlowStartRetrans', 'Packets sent again in slow start'),
  rate('tcpext.tcp_spurious_rtos_per_s', 'TcpExt TCPSpuriousRTOs', 'Retransmission time-outs that turned out to be needless'),
  rate('tcpext.tcp_fast_open_listen_overflow_per_s', 'TcpExt TCPFastOpenListenOverflow', 'Fast Open attempts above the limit of a listening socket'),
  rate('tcpext.busy_poll_rx_packets_per_s', 'TcpExt BusyPollRxPackets', 'Packets found by busy polling'),
  rate('ipext.in_octets_per_s', 'IpExt InOctets', 'Bytes received over IPv4', { unit: 'bytes_per_s' }),
  rate('ipext.out_octets_per_s', 'IpExt OutOctets', 'Bytes sent over IPv4', { unit: 'bytes_per_s' }),
]

/** https://docs.kernel.org/networking/snmp_counter.html */
export const netstat: Collector = {
  file: 'net/netstat',
  rows: 'host',
  metrics,
  others: counterMetric,
  open: () => protocolLines(['TcpExt', 'IpExt']),
}
