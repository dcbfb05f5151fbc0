/** Symptoms against which no knob helps: what shows each, and the same host without it. */
export const BEYOND_KNOBS: readonly {
  /** The symptom's id. */
  readonly id: string
  readonly seen: Readonly<Record<string, number>>
  readonly well: Readonly<Record<string, number>>
  /** What the advice tells the operator to look at or to do. */
  readonly advises: RegExp
}[] = [
  { id: 'memory.killed', seen: { 'vmstat.oom_kill_per_s': 0.2 }, well: { 'vmstat.oom_kill_per_s': 0 }, advises: /memory\.high/ },
  {
    id: 'memory.pressure-without-swap',
    seen: { 'pressure.memory_some_pct': 25, 'memory.swap_total_bytes': 0 },
    well: { 'pressure.memory_some_pct': 25, 'memory.swap_total_bytes': 8e9 },
    advises: /some swap/,
  },
  {
    id: 'disk.saturated',
    seen: { 'disk.util_pct[vda]': 99, 'disk.queue_ms_per_s[vda]': 20_000 },
    well: { 'disk.util_pct[vda]': 99, 'disk.queue_ms_per_s[vda]': 1000 },
    advises: /another one/,
  },
  { id: 'tcp.damaged', seen: { 'tcp.in_csum_errors_per_s': 4 }, well: { 'tcp.in_csum_errors_per_s': 0 }, advises: /checksum offload/ },
  { id: 'net.device-errors', seen: { 'net.rx_errors_per_s[eth0]': 3 }, well: { 'net.rx_errors_per_s[eth0]': 0 }, advises: /cable/ },
  { id: 'net.receive-ring-full', seen: { 'net.rx_dropped_per_s[eth0]': 50 }, well: { 'net.rx_dropped_per_s[eth0]': 0.5 }, advises: /ethtool -G/ },
  { id: 'udp.nobody-listens', seen: { 'udp.no_ports_per_s': 200 }, well: { 'udp.no_ports_per_s': 1 }, advises: /should listen/ },
  { id: 'udp.bad-checksums', seen: { 'udp.in_csum_errors_per_s': 4 }, well: { 'udp.in_csum_errors_per_s': 0 }, advises: /checksum offload/ },
  { id: 'cpu.stolen', seen: { 'cpu.steal_pct': 20 }, well: { 'cpu.steal_pct': 1 }, advises: /dedicated CPUs/ },
  { id: 'cpu.softirq', seen: { 'cpu.softirq_pct': 45 }, well: { 'cpu.softirq_pct': 4 }, advises: /RPS/ },
  { id: 'tcp.fast-open-full', seen: { 'tcpext.tcp_fast_open_listen_overflow_per_s': 9 }, well: { 'tcpext.tcp_fast_open_listen_overflow_per_s': 0 }, advises: /TCP_FASTOPEN/ },
]
