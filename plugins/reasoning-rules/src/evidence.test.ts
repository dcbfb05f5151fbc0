import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KnobRef, KnobValue } from '@semantos/core'
import { RULES } from './rules/index.js'
import { GIB, HOST, type Scenario, reasoner, valuesFor } from '../testing/situation.js'

const EVIDENCE = { sets: ['evidence' as const] }
const MIB = 1024 ** 2

interface Case {
  readonly name: string
  readonly seen: Scenario
  /** All that is recommended, surest first. */
  readonly tries: Readonly<Record<KnobRef, KnobValue>>
}

const CASES: readonly Case[] = [
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
    name: 'a request queue that is short and full',
    seen: { metrics: { 'disk.in_flight[vda]': 8 }, current: { 'block.nr_requests[vda]': 8 } },
    tries: { 'block.nr_requests[vda]': 64 },
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
    name: 'gigabytes of dirty pages in front of a sync',
    seen: { metrics: { 'pressure.io_some_pct': 60, 'memory.dirty_bytes': 2.3 * GIB, 'vmstat.nr_dirty_threshold': 1_150_000, 'vmstat.dirty_threshold_used_pct': 50 } },
    tries: { 'vm.dirty_bytes': 256 * MIB, 'vm.dirty_background_bytes': 64 * MIB },
  },
  {
    name: 'a limit in bytes that is still too large',
    seen: { metrics: { 'pressure.io_full_pct': 30, 'memory.dirty_bytes': 1.5 * GIB }, current: { 'vm.dirty_bytes': 4 * GIB, 'vm.dirty_background_bytes': 2 * GIB, 'vm.dirty_ratio': 0, 'vm.dirty_background_ratio': 0 } },
    tries: { 'vm.dirty_bytes': 512 * MIB, 'vm.dirty_background_bytes': 256 * MIB },
  },
  {
    name: 'many dirty pages where limits can be given in percent only',
    seen: { metrics: { 'pressure.io_some_pct': 60, 'memory.dirty_bytes': 2 * GIB }, absent: { 'vm.dirty_bytes': null, 'vm.dirty_background_bytes': null } },
    tries: { 'vm.dirty_ratio': 10, 'vm.dirty_background_ratio': 3 },
  },
  {
    name: 'a dirty limit so small that writers wait for nothing',
    seen: { metrics: { 'vmstat.dirty_threshold_used_pct': 95, 'vmstat.nr_dirty_threshold': 2048, 'pressure.io_some_pct': 40, 'memory.dirty_bytes': 8 * MIB }, current: { 'vm.dirty_ratio': 1, 'vm.dirty_background_ratio': 1 } },
    tries: { 'vm.dirty_ratio': 20, 'vm.dirty_background_ratio': 10 },
  },
  {
    name: 'read-ahead that random reads of a mapped file do not want',
    seen: { metrics: { 'disk.read_bytes_per_s[vda]': 320e6, 'disk.read_bytes_per_s[vdb]': 0, 'vmstat.pgmajfault_per_s': 210 }, current: { 'block.read_ahead_kb[vda]': 8192, 'block.read_ahead_kb[vdb]': 8192 } },
    tries: { 'block.read_ahead_kb[vda]': 1024 },
  },
  {
    name: 'a read-ahead window too short for sequential reads',
    seen: { metrics: { 'disk.read_bytes_per_s[vda]': 60e6, 'disk.reads_per_s[vda]': 3700, 'disk.util_pct[vda]': 90, 'disk.read_bytes_per_io[vda]': 16_384, 'vmstat.pgmajfault_per_s': 2 }, current: { 'block.read_ahead_kb[vda]': 16 } },
    tries: { 'block.read_ahead_kb[vda]': 128 },
  },
  {
    name: 'a read-ahead window shorter than what sequential readers ask for at a time',
    seen: { metrics: { 'disk.read_bytes_per_s[vda]': 295e6, 'disk.reads_per_s[vda]': 18_000, 'disk.util_pct[vda]': 68, 'disk.read_bytes_per_io[vda]': 16_381, 'vmstat.pgmajfault_per_s': 0.6 }, current: { 'block.read_ahead_kb[vda]': 4 } },
    tries: { 'block.read_ahead_kb[vda]': 32 },
  },
  {
    name: 'reads that wait behind writes',
    seen: { metrics: { 'disk.read_await_ms[vda]': 80, 'disk.write_bytes_per_s[vda]': 400e6, 'pressure.io_some_pct': 50, 'memory.dirty_bytes': 0 }, current: { 'block.scheduler[vda]': 'none', 'block.nr_requests[vda]': 256 } },
    tries: { 'block.scheduler[vda]': 'mq-deadline', 'block.nr_requests[vda]': 64 },
  },
  {
    name: 'programs that wait for swap',
    seen: { metrics: { 'vmstat.pswpin_per_s': 400, 'vmstat.workingset_refault_file_per_s': 0 } },
    tries: { 'vm.swappiness': 10, 'vm.page-cluster': 0 },
  },
  {
    name: 'a page cache that thrashes although swap, in memory, is quick',
    seen: { metrics: { 'vmstat.workingset_refault_file_per_s': 9000, 'vmstat.pswpin_per_s': 400, 'memory.swap_free_bytes': 8 * GIB } },
    tries: { 'vm.swappiness': 100 },
  },
  {
    name: 'a page cache that thrashes beside unused swap',
    seen: { metrics: { 'vmstat.workingset_refault_file_per_s': 4000, 'vmstat.pswpin_per_s': 0, 'memory.swap_free_bytes': 8 * GIB }, current: { 'vm.swappiness': 10 } },
    tries: { 'vm.swappiness': 100 },
  },
  {
    name: 'a page cache that thrashes beside a huge reserve',
    seen: { metrics: { 'vmstat.workingset_refault_file_per_s': 4000, 'vmstat.pswpin_per_s': 0, 'memory.swap_free_bytes': 0 }, current: { 'vm.min_free_kbytes': 4_000_000 } },
    tries: { 'vm.min_free_kbytes': 500_000 },
  },
  {
    name: 'tasks that reclaim memory themselves',
    seen: { metrics: { 'vmstat.allocstall_per_s': 30 }, current: { 'vm.min_free_kbytes': 67_584 } },
    tries: { 'vm.watermark_scale_factor': 80, 'vm.min_free_kbytes': 270_336 },
  },
  {
    name: 'stalls for huge pages',
    seen: { metrics: { 'vmstat.compact_stall_per_s': 20 }, current: { 'thp.defrag': 'always', 'thp.enabled': 'always' } },
    tries: { 'thp.defrag': 'defer+madvise', 'thp.enabled': 'madvise', 'vm.compaction_proactiveness': 40 },
  },
  {
    name: 'a large heap without huge pages',
    seen: { metrics: { 'vmstat.pgfault_per_s': 50_000, 'sched.forks_per_s': 2, 'vmstat.thp_fault_alloc_per_s': 0 }, current: { 'thp.enabled': 'never', 'thp.defrag': 'never' } },
    tries: { 'thp.enabled': 'always', 'thp.defrag': 'madvise' },
  },
  {
    name: 'reserved huge pages that nobody uses while memory is short',
    seen: { metrics: { 'memory.huge_pages_total': 4000, 'memory.huge_pages_free': 4000, 'memory.huge_pages_reserved': 0, 'pressure.memory_some_pct': 20, 'memory.swap_total_bytes': GIB }, current: { 'vm.nr_hugepages': 4000 } },
    tries: { 'vm.nr_hugepages': 1000 },
  },
  {
    name: 'a service that competes with sixteen sessions of CPU hogs',
    seen: { metrics: { 'pressure.cpu_some_pct': 99, 'sched.run_queue_wait_ms_per_s': 15_000, load: 17, 'cpu.idle_pct': 0 }, current: { 'kernel.sched_autogroup_enabled': 0, 'sched.base_slice_ns': 2_800_000 }, absent: { 'kernel.sched_latency_ns': null, 'kernel.sched_min_granularity_ns': null, 'kernel.sched_wakeup_granularity_ns': null, 'sched.latency_ns': null, 'sched.min_granularity_ns': null, 'sched.wakeup_granularity_ns': null } },
    tries: { 'kernel.sched_autogroup_enabled': 1, 'sched.base_slice_ns': 1_000_000 },
  },
  {
    name: 'waits for a CPU that only a tracer has seen',
    seen: { metrics: { 'pressure.cpu_some_pct': 60, 'bpf.runqueue_latency_p95_us': 20_000 }, current: { 'kernel.sched_autogroup_enabled': 0, 'sched.base_slice_ns': 2_800_000 }, absent: { 'kernel.sched_latency_ns': null, 'kernel.sched_min_granularity_ns': null, 'kernel.sched_wakeup_granularity_ns': null, 'sched.latency_ns': null, 'sched.min_granularity_ns': null, 'sched.wakeup_granularity_ns': null } },
    tries: { 'kernel.sched_autogroup_enabled': 1, 'sched.base_slice_ns': 1_000_000 },
  },
  {
    name: 'CPUs that may not run at full clock',
    seen: { metrics: { 'cpu.idle_pct': 20 }, current: { 'intel_pstate.no_turbo': 1, 'cpufreq.governor[policy0]': 'powersave' } },
    tries: { 'intel_pstate.no_turbo': 0 },
  },
  {
    name: 'memory on the wrong NUMA node',
    seen: { metrics: { 'vmstat.numa_other_per_s': 4000, 'vmstat.numa_hit_per_s': 10_000 }, host: { numa_nodes: 2 } },
    tries: { 'kernel.numa_balancing': 1 },
  },
  {
    name: 'open files near the limit',
    seen: { metrics: { 'files.open': 95_000, 'files.limit': 100_000 }, current: { 'fs.file-max': 100_000 } },
    tries: { 'fs.file-max': 400_000 },
  },
  {
    name: 'threads near the limit',
    seen: { metrics: { 'sched.tasks': 30_000 }, current: { 'kernel.pid_max': 32_768, 'kernel.threads-max': 190_000 } },
    tries: { 'kernel.threads-max': 760_000, 'kernel.pid_max': 131_072 },
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
  {
    name: 'many dirty pages on a disk that throttles background writes late',
    seen: {
      metrics: { 'pressure.io_some_pct': 60, 'memory.dirty_bytes': GIB },
      current: { 'block.wbt_lat_usec[vda]': 75_000, 'vm.dirty_bytes': 64 * MIB, 'vm.dirty_background_bytes': 16 * MIB, 'vm.dirty_ratio': 0, 'vm.dirty_background_ratio': 0 },
    },
    tries: { 'vm.dirty_bytes': 32 * MIB, 'vm.dirty_background_bytes': 8 * MIB, 'block.wbt_lat_usec[vda]': 18_750 },
  },
  {
    name: 'a dirty limit in bytes that is far too small',
    seen: { metrics: { 'vmstat.dirty_threshold_used_pct': 95, 'vmstat.nr_dirty_threshold': 2048 }, current: { 'vm.dirty_bytes': 8 * MIB, 'vm.dirty_background_bytes': 2 * MIB, 'vm.dirty_ratio': 0, 'vm.dirty_background_ratio': 0 } },
    tries: { 'vm.dirty_bytes': 64 * MIB, 'vm.dirty_background_bytes': 16 * MIB },
  },
  {
    name: 'swap pages that are read ahead in vain',
    seen: { metrics: { 'vmstat.swap_ra_per_s': 5000, 'vmstat.swap_ra_hit_per_s': 100 } },
    tries: { 'vm.page-cluster': 0 },
  },
  {
    name: 'inodes that are dropped and read again',
    seen: { metrics: { 'vmstat.slabs_scanned_per_s': 50_000, 'vmstat.pgmajfault_per_s': 10 } },
    tries: { 'vm.vfs_cache_pressure': 50 },
  },
  {
    name: 'a strict promise of memory that is used up',
    seen: { metrics: { 'memory.committed_bytes': 12 * GIB, 'memory.commit_limit_bytes': 12.5 * GIB }, current: { 'vm.overcommit_memory': 2, 'vm.overcommit_ratio': 50 } },
    tries: { 'vm.overcommit_ratio': 80 },
  },
  {
    name: 'huge pages that are split again',
    seen: { metrics: { 'vmstat.thp_split_page_per_s': 50 }, current: { 'thp.enabled': 'always' } },
    tries: { 'thp.enabled': 'madvise' },
  },
  {
    name: 'reserved huge pages that are all in use',
    seen: { metrics: { 'memory.huge_pages_total': 100, 'memory.huge_pages_free': 0 }, current: { 'vm.nr_hugepages': 100 } },
    tries: { 'vm.nr_hugepages': 200 },
  },
  {
    name: 'waits for a CPU on a kernel with the knobs of CFS',
    seen: {
      metrics: { 'pressure.cpu_some_pct': 60, load: 9 },
      current: { 'kernel.sched_latency_ns': 24_000_000, 'kernel.sched_min_granularity_ns': 3_000_000, 'kernel.sched_wakeup_granularity_ns': 4_000_000, 'sched.latency_ns': 24_000_000, 'sched.min_granularity_ns': 3_000_000, 'sched.wakeup_granularity_ns': 4_000_000 },
    },
    tries: {
      'kernel.sched_latency_ns': 12_000_000, 'kernel.sched_min_granularity_ns': 2_000_000, 'kernel.sched_wakeup_granularity_ns': 2_000_000,
      'sched.latency_ns': 12_000_000, 'sched.min_granularity_ns': 2_000_000, 'sched.wakeup_granularity_ns': 2_000_000,
    },
  },
  {
    name: 'tasks that wait beside idle CPUs',
    seen: { metrics: { 'sched.run_queue_wait_ms_per_s': 400, 'cpu.idle_pct': 50, 'sched.wait_per_timeslice_us': 900 }, current: { 'sched.migration_cost_ns': 5_000_000 }, absent: { 'kernel.sched_migration_cost_ns': 'sched.migration_cost_ns' } },
    tries: { 'sched.migration_cost_ns': 1_250_000 },
  },
  {
    name: 'NUMA balancing that finds everything in its place',
    seen: { metrics: { 'vmstat.numa_hint_faults_per_s': 20_000, 'vmstat.numa_hint_faults_local_per_s': 19_900 }, current: { 'kernel.numa_balancing': 1 } },
    tries: { 'kernel.numa_balancing': 0 },
  },
  {
    name: 'reclaim of a node beside free ones',
    seen: { metrics: { 'vmstat.pgscan_direct_per_s': 5000 }, current: { 'vm.zone_reclaim_mode': 1 }, host: { numa_nodes: 2 } },
    tries: { 'vm.zone_reclaim_mode': 0 },
  },
]

/** Rules that need words which only a kernel's own files offer: they have tests of their own below. */
const BY_WORD = ['tcp.retransmits/bbr', 'cpu.slow-clock/performance']

/** A host with one file. */
function rootWith(path: string, text: string): string {
  const root = mkdtempSync(join(tmpdir(), 'semantos-rules-'))
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), `${text}\n`)
  return root
}

describe('the rules of the evidence', () => {
  for (const { name, seen, tries } of CASES) {
    it(`know ${name}`, async () => {
      expect(Object.entries(await valuesFor(EVIDENCE, seen))).toEqual(Object.entries(tries))
    })
  }

  it('are each known by a case', async () => {
    await using rules = await reasoner(EVIDENCE)
    const spoken = new Set(BY_WORD)
    for (const { seen } of CASES) for (const { rules: ids = [] } of (await rules.reason(seen)).recommendations) ids.forEach((id) => spoken.add(id))
    expect(RULES.filter(({ set, id }) => set === 'evidence' && !spoken.has(id)).map(({ id }) => id)).toEqual([])
  })

  it('make plans that the guardrails accept', async () => {
    await using rules = await reasoner(EVIDENCE)
    const objections: Record<string, string[]> = {}
    for (const { name, seen } of CASES) {
      const found = await rules.objections(seen)
      if (found.length > 0) objections[name] = found
    }
    expect(objections).toEqual({})
  })

  it('see nothing on a host that is well', async () => {
    await using rules = await reasoner(EVIDENCE)
    const metrics = { 'tcpext.listen_overflows_per_s': 0, 'tcpext.listen_drops_per_s': 0, 'pressure.cpu_some_pct': 2, 'pressure.io_some_pct': 1, 'memory.dirty_bytes': MIB, load: 0.2, 'cpu.idle_pct': 95, 'sockets.tcp_time_wait': 20, 'conntrack.used_pct': 1 }
    const { recommendations, advice } = await rules.reason({ metrics })
    expect(recommendations).toEqual([])
    expect(advice.map(({ symptom }) => symptom)).toEqual(['Some rules could not be asked'])
  })

  it('offer a word only where the kernel does', async () => {
    const lossy = { 'tcp.retrans_segs_per_s': 50, 'tcp.out_segs_per_s': 1000, 'tcpext.listen_overflows_per_s': 0 }
    const path = 'proc/sys/net/ipv4/tcp_available_congestion_control'
    const current = { 'net.ipv4.tcp_congestion_control': 'cubic' }
    expect(await valuesFor(EVIDENCE, { metrics: lossy, current, root: rootWith(path, 'reno cubic bbr') })).toEqual({ 'net.ipv4.tcp_congestion_control': 'bbr' })
    expect(await valuesFor(EVIDENCE, { metrics: lossy, current, root: rootWith(path, 'reno cubic') })).toEqual({})
    expect(await valuesFor(EVIDENCE, { metrics: lossy, current })).toEqual({})
  })

  it('ask each device what it offers', async () => {
    const current = { 'cpufreq.governor[policy0]': 'powersave', 'cpufreq.governor[policy1]': 'schedutil' }
    const root = rootWith('sys/devices/system/cpu/cpufreq/policy1/scaling_available_governors', 'performance schedutil')
    expect(await valuesFor(EVIDENCE, { metrics: { 'cpu.idle_pct': 10 }, current, root })).toEqual({ 'cpufreq.governor[policy1]': 'performance' })
  })

  it('read from the brackets what a disk offers', async () => {
    const seen = { metrics: { 'disk.read_await_ms[vda]': 80, 'disk.write_bytes_per_s[vda]': 400e6, 'pressure.io_some_pct': 50, 'memory.dirty_bytes': 0 }, current: { 'block.scheduler[vda]': 'none' } }
    expect(await valuesFor(EVIDENCE, seen)).toEqual({ 'block.scheduler[vda]': 'mq-deadline' })
  })

  it('keep what may be used in memory to a part of it', async () => {
    const small: Scenario = { metrics: { 'conntrack.used_pct': 95 }, current: { 'net.netfilter.nf_conntrack_max': 262_144 }, host: { ...HOST, memory_bytes: GIB } }
    expect(await valuesFor(EVIDENCE, small)).toMatchObject({ 'net.netfilter.nf_conntrack_max': Math.floor((0.25 * GIB) / 320) })
  })
})
