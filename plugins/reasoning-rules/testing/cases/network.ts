import type { Case } from './index.js'

/** What counters of the network point to. */
export const NETWORK: readonly Case[] = [
  {
    name: 'an accept queue of 128 that overflows',
    seen: { metrics: { 'tcpext.listen_overflows_per_s': 1000, 'tcpext.listen_drops_per_s': 1000, 'tcpext.tcp_syn_retrans_per_s': 800, 'tcpext.tcp_timeouts_per_s': 900, 'tcpext.tcp_spurious_rtos_per_s': 0 }, current: { 'net.core.somaxconn': 128 } },
    tries: { 'net.core.somaxconn': 1024 },
  },
  {
    name: 'a full SYN queue without cookies',
    seen: { metrics: { 'tcpext.tcp_req_q_full_drop_per_s': 50 }, current: { 'net.ipv4.tcp_syncookies': 0, 'net.ipv4.tcp_max_syn_backlog': 128 } },
    tries: { 'net.ipv4.tcp_syncookies': 1, 'net.ipv4.tcp_max_syn_backlog': 1024, 'net.core.somaxconn': 32_768, 'net.ipv4.tcp_synack_retries': 3 },
  },
  {
    name: 'SYN drops beyond overflows',
    seen: { metrics: { 'tcpext.listen_overflows_per_s': 0, 'tcpext.listen_drops_per_s': 20 }, current: { 'net.ipv4.tcp_max_syn_backlog': 512 } },
    tries: { 'net.ipv4.tcp_max_syn_backlog': 4096 },
  },
  {
    name: 'retransmission time-outs on a lossy path',
    seen: { metrics: { 'tcpext.tcp_timeouts_per_s': 20, 'tcpext.tcp_syn_retrans_per_s': 0, 'tcpext.listen_overflows_per_s': 0, 'tcpext.tcp_spurious_rtos_per_s': 0 } },
    tries: { 'net.ipv4.tcp_rto_min_us': 25_000, 'net.ipv4.tcp_thin_linear_timeouts': 1, 'net.ipv4.tcp_rto_max_ms': 20_000, 'net.ipv4.tcp_mtu_probing': 1 },
  },
  {
    name: 'retransmissions with selective acknowledgement switched off',
    seen: { metrics: { 'tcp.retrans_segs_per_s': 50, 'tcp.out_segs_per_s': 1000, 'tcpext.listen_overflows_per_s': 0 }, current: { 'net.ipv4.tcp_sack': 0, 'net.ipv4.tcp_recovery': 0 } },
    tries: { 'net.ipv4.tcp_sack': 1, 'net.ipv4.tcp_recovery': 1 },
  },
  {
    name: 'needless time-outs of a timer set too short',
    seen: { metrics: { 'tcpext.tcp_spurious_rtos_per_s': 5, 'tcpext.tcp_timeouts_per_s': 20, 'tcpext.tcp_syn_retrans_per_s': 0, 'tcpext.listen_overflows_per_s': 0 }, current: { 'net.ipv4.tcp_rto_min_us': 5000 } },
    tries: { 'net.ipv4.tcp_rto_min_us': 40_000 },
  },
  {
    name: 'small TCP receive buffers',
    seen: { metrics: { 'tcpext.tcp_to_zero_window_adv_per_s': 200 }, current: { 'net.ipv4.tcp_rmem': [4096, 16_384, 65_536], 'net.core.rmem_max': 4_194_304 } },
    tries: { 'net.ipv4.tcp_rmem': [4096, 16_384, 1_048_576], 'net.core.rmem_max': 33_554_432 },
  },
  {
    name: 'receive buffers that may not grow',
    seen: { metrics: { 'tcpext.prune_called_per_s': 3 }, current: { 'net.ipv4.tcp_moderate_rcvbuf': 0, 'net.ipv4.tcp_window_scaling': 0, 'net.core.rmem_max': 268_435_456, 'net.ipv4.tcp_rmem': [4096, 131_072, 268_435_456] } },
    tries: { 'net.ipv4.tcp_moderate_rcvbuf': 1, 'net.ipv4.tcp_window_scaling': 1 },
  },
  {
    name: 'TCP short of memory',
    seen: { metrics: { 'tcpext.tcp_memory_pressures_per_s': 1 }, current: { 'net.ipv4.tcp_mem': [10_000, 12_000, 20_000] } },
    tries: { 'net.ipv4.tcp_mem': [40_000, 48_000, 80_000] },
  },
  {
    name: 'TCP near its pressure mark',
    seen: { metrics: { 'sockets.tcp_mem_pages': 11_900, 'tcpext.tcp_memory_pressures_per_s': 0 }, current: { 'net.ipv4.tcp_mem': [10_000, 12_000, 20_000] } },
    tries: { 'net.ipv4.tcp_mem': [40_000, 48_000, 80_000] },
  },
  {
    name: 'too many orphans',
    seen: { metrics: { 'tcpext.tcp_abort_on_memory_per_s': 2 }, current: { 'net.ipv4.tcp_max_orphans': 16_384 } },
    tries: { 'net.ipv4.tcp_max_orphans': 65_536, 'net.ipv4.tcp_fin_timeout': 20 },
  },
  {
    name: 'ports that run out',
    seen: { metrics: { 'sockets.tcp_time_wait': 20_000 } },
    tries: { 'net.ipv4.ip_local_port_range': [10_240, 65_535], 'net.ipv4.tcp_tw_reuse': 1, 'net.ipv4.tcp_tw_reuse_delay': 100 },
  },
  {
    name: 'UDP datagrams dropped at a small buffer',
    seen: { metrics: { 'udp.rcvbuf_errors_per_s': 300 }, current: { 'net.core.rmem_default': 212_992, 'net.core.rmem_max': 212_992 } },
    tries: { 'net.core.rmem_default': 1_703_936, 'net.core.rmem_max': 1_703_936 },
  },
  {
    name: 'UDP short of memory',
    seen: { metrics: { 'udp.mem_errors_per_s': 3 }, current: { 'net.ipv4.udp_mem': [4096, 4096, 8192] } },
    tries: { 'net.ipv4.udp_mem': [16_384, 16_384, 32_768], 'net.ipv4.udp_rmem_min': 32_768 },
  },
  {
    name: 'a full backlog of a CPU',
    seen: { metrics: { 'softnet.dropped_per_s': 40 } },
    tries: { 'net.core.netdev_max_backlog': 8000 },
  },
  {
    name: 'packet processing cut short',
    seen: { metrics: { 'softnet.time_squeezed_per_s': 40 }, current: { 'net.core.netdev_budget_usecs': 8000 } },
    tries: { 'net.core.netdev_budget': 1200, 'net.core.netdev_budget_usecs': 16_000, 'net.core.dev_weight': 256 },
  },
  {
    name: 'fragments dropped for want of memory',
    seen: { metrics: { 'ip.reasm_fails_per_s': 10, 'ip.reasm_timeout_per_s': 0 } },
    tries: { 'net.ipv4.ipfrag_high_thresh': 33_554_432, 'net.ipv4.ipfrag_low_thresh': 25_165_824 },
  },
  {
    name: 'a transmit queue of one device that is full',
    seen: { metrics: { 'net.tx_dropped_per_s[eth0]': 5, 'net.tx_dropped_per_s[eth1]': 0 }, current: { 'netdev.tx_queue_len[eth0]': 1000, 'netdev.tx_queue_len[eth1]': 1000 } },
    tries: { 'netdev.tx_queue_len[eth0]': 4000 },
  },
  {
    name: 'a connection tracking table that is full',
    seen: { metrics: { 'conntrack.drop_per_s': 10 }, current: { 'net.netfilter.nf_conntrack_max': 1000, 'net.netfilter.nf_conntrack_buckets': 262_144 } },
    tries: {
      'net.netfilter.nf_conntrack_max': 65_536,
      'net.netfilter.nf_conntrack_buckets': 1_048_576,
      'net.netfilter.nf_conntrack_tcp_timeout_established': 54_000,
      'net.netfilter.nf_conntrack_tcp_timeout_time_wait': 30,
      'net.netfilter.nf_conntrack_tcp_timeout_fin_wait': 30,
      'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': 30,
      'net.netfilter.nf_conntrack_udp_timeout_stream': 60,
    },
  },
  {
    name: 'an accept queue whose clients are reset',
    seen: { metrics: { 'tcpext.listen_overflows_per_s': 10 }, current: { 'net.ipv4.tcp_abort_on_overflow': 1 } },
    tries: { 'net.core.somaxconn': 32_768, 'net.ipv4.tcp_abort_on_overflow': 0 },
  },
  {
    name: 'more open connections than ports',
    seen: { metrics: { 'tcp.curr_estab': 400 }, current: { 'net.ipv4.ip_local_port_range': [50_000, 50_199], 'net.ipv4.tcp_tw_reuse': 1, 'net.ipv4.tcp_tw_reuse_delay': 100 } },
    tries: { 'net.ipv4.ip_local_port_range': [10_240, 65_535] },
  },
  {
    name: 'a connection tracking table with long chains',
    seen: { metrics: { 'conntrack.count': 200_000 }, current: { 'net.netfilter.nf_conntrack_buckets': 16_384 } },
    tries: { 'net.netfilter.nf_conntrack_buckets': 131_072 },
  },
  {
    name: 'an ARP table that is full',
    seen: { metrics: { 'neighbour.table_full_per_s': 10 } },
    tries: { 'net.ipv4.neigh.default.gc_thresh3': 8192, 'net.ipv4.neigh.default.gc_thresh2': 4096, 'net.ipv4.neigh.default.gc_thresh1': 1024 },
  },
  {
    name: 'an ARP table set far too small',
    seen: { metrics: { 'neighbour.entries': 64 }, current: { 'net.ipv4.neigh.default.gc_thresh3': 64, 'net.ipv4.neigh.default.gc_thresh2': 32, 'net.ipv4.neigh.default.gc_thresh1': 16 } },
    tries: { 'net.ipv4.neigh.default.gc_thresh3': 1024, 'net.ipv4.neigh.default.gc_thresh2': 512, 'net.ipv4.neigh.default.gc_thresh1': 128 },
  },
  {
    name: 'connection attempts that nobody answers',
    seen: { metrics: { 'tcpext.tcp_syn_retrans_per_s': 50, 'tcpext.listen_drops_per_s': 0 }, current: { 'net.ipv4.tcp_syn_linear_timeouts': 0 } },
    tries: { 'net.ipv4.tcp_syn_linear_timeouts': 4 },
  },
  {
    name: 'time-outs with selective acknowledgement and probes switched off',
    seen: {
      metrics: { 'tcpext.tcp_timeouts_per_s': 20, 'tcpext.tcp_syn_retrans_per_s': 0, 'tcpext.listen_overflows_per_s': 0, 'tcpext.tcp_spurious_rtos_per_s': 0 },
      current: { 'net.ipv4.tcp_sack': 0, 'net.ipv4.tcp_early_retrans': 0, 'net.ipv4.tcp_rto_min_us': 5000, 'net.ipv4.tcp_thin_linear_timeouts': 1, 'net.ipv4.tcp_rto_max_ms': 20_000, 'net.ipv4.tcp_mtu_probing': 1 },
    },
    tries: { 'net.ipv4.tcp_sack': 1, 'net.ipv4.tcp_early_retrans': 3 },
  },
  {
    name: 'needless time-outs that are not taken back',
    seen: { metrics: { 'tcpext.tcp_spurious_rtos_per_s': 5 }, current: { 'net.ipv4.tcp_frto': 0, 'net.ipv4.tcp_rto_min_us': 200_000 } },
    tries: { 'net.ipv4.tcp_frto': 2 },
  },
  {
    name: 'packets that overtake each other',
    seen: { metrics: { 'tcpext.tcp_dsack_recv_per_s': 40, 'tcp.retrans_segs_per_s': 50 } },
    tries: { 'net.ipv4.tcp_reordering': 12, 'net.ipv4.tcp_max_reordering': 600 },
  },
  {
    name: 'bursts on connections that have rested',
    seen: { metrics: { 'tcp.curr_estab': 20, 'tcp.out_segs_per_s': 5000, 'tcp.active_opens_per_s': 0, 'tcp.passive_opens_per_s': 1 } },
    tries: { 'net.ipv4.tcp_slow_start_after_idle': 0 },
  },
  {
    name: 'backlog drops of a busy socket',
    seen: { metrics: { 'tcpext.tcp_backlog_drop_per_s': 20 }, current: { 'net.ipv4.tcp_rmem': [4096, 16_384, 65_536], 'net.ipv4.tcp_wmem': [4096, 16_384, 65_536] } },
    tries: { 'net.ipv4.tcp_rmem': [4096, 16_384, 1_048_576], 'net.ipv4.tcp_wmem': [4096, 16_384, 524_288] },
  },
  {
    name: "a receiver's window that holds its connections back",
    seen: {
      metrics: { 'tcp_sockets.peer_window_limited_pct': 75 },
      current: { 'net.ipv4.tcp_moderate_rcvbuf': 0, 'net.ipv4.tcp_window_scaling': 0, 'net.ipv4.tcp_rmem': [4096, 16_384, 65_536], 'net.core.rmem_max': 212_992 },
    },
    tries: { 'net.ipv4.tcp_moderate_rcvbuf': 1, 'net.ipv4.tcp_window_scaling': 1, 'net.ipv4.tcp_rmem': [4096, 16_384, 1_048_576], 'net.core.rmem_max': 1_703_936 },
  },
  {
    name: 'a send buffer that holds its connections back',
    seen: { metrics: { 'tcp_sockets.send_buffer_limited_pct': 40 }, current: { 'net.ipv4.tcp_wmem': [4096, 16_384, 65_536], 'net.core.wmem_max': 212_992 } },
    tries: { 'net.ipv4.tcp_wmem': [4096, 16_384, 524_288], 'net.core.wmem_max': 1_703_936 },
  },
  {
    name: 'a send queue over its limit',
    seen: { metrics: { 'tcpext.tcp_wqueue_too_big_per_s': 2 }, current: { 'net.ipv4.tcp_wmem': [4096, 16_384, 65_536] } },
    tries: { 'net.ipv4.tcp_wmem': [4096, 16_384, 524_288] },
  },
  {
    name: 'more closed connections than may be kept',
    seen: { metrics: { 'tcpext.tcp_time_wait_overflow_per_s': 30 }, current: { 'net.ipv4.tcp_max_tw_buckets': 4096 } },
    tries: { 'net.ipv4.tcp_max_tw_buckets': 16_384 },
  },
  {
    name: 'small answers that are held back',
    seen: { metrics: { 'tcpext.tcp_auto_corking_per_s': 5000 } },
    tries: { 'net.ipv4.tcp_autocorking': 0 },
  },
  {
    name: 'UDP datagrams that are not sent',
    seen: { metrics: { 'udp.sndbuf_errors_per_s': 10 }, current: { 'net.core.wmem_default': 212_992, 'net.core.wmem_max': 212_992 } },
    tries: { 'net.core.wmem_default': 1_703_936, 'net.core.wmem_max': 1_703_936 },
  },
  {
    name: 'IPv6 fragments dropped for want of memory',
    seen: { metrics: { 'ip6.reasm_fails_per_s': 10 } },
    tries: { 'net.ipv6.ip6frag_high_thresh': 33_554_432, 'net.ipv6.ip6frag_low_thresh': 25_165_824 },
  },
  {
    name: 'packets dropped while they wait for ARP',
    seen: { metrics: { 'neighbour.unresolved_discards_per_s': 20 }, current: { 'net.ipv4.neigh.default.unres_qlen_bytes': 65_536 } },
    tries: { 'net.ipv4.neigh.default.unres_qlen_bytes': 524_288 },
  },
  {
    name: 'an IPv6 neighbour table that is full',
    seen: { metrics: { 'neighbour6.table_full_per_s': 10 } },
    tries: { 'net.ipv6.neigh.default.gc_thresh3': 8192, 'net.ipv6.neigh.default.gc_thresh2': 4096, 'net.ipv6.neigh.default.gc_thresh1': 1024 },
  },
  {
    name: 'packets dropped while they wait for an IPv6 neighbour',
    seen: { metrics: { 'neighbour6.unresolved_discards_per_s': 20 }, current: { 'net.ipv6.neigh.default.unres_qlen_bytes': 65_536 } },
    tries: { 'net.ipv6.neigh.default.unres_qlen_bytes': 524_288 },
  },
]
