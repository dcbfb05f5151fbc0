import { perCpuLines } from '../per-cpu.js'
import { type Collector, gauge, rate } from '../table.js'

function neighbours(file: string, prefix: string, protocol: string): Collector {
  const [one, limit] = protocol === 'IPv4' ? ['ARP', 'net.ipv4.neigh.default.gc_thresh3'] : ['neighbour discovery', 'net.ipv6.neigh.default.gc_thresh3']
  return {
    file,
    rows: 'cpu',
    ...(protocol === 'IPv6' ? { needs: 'it needs IPv6' } : {}),
    metrics: [
      // The kernel repeats this one on each CPU's line.
      gauge(`${prefix}.entries`, 'entries', 'count', `Neighbours in the ${one} table`, { rows: 'first' }),
      rate(`${prefix}.table_full_per_s`, 'table_fulls', `Neighbours refused because the ${one} table was full (${limit})`),
      rate(`${prefix}.forced_gc_runs_per_s`, 'forced_gc_runs', `Times the ${one} table had to be cleaned at once to make room`),
      rate(`${prefix}.unresolved_discards_per_s`, 'unresolved_discards', `Packets dropped because too many waited for an address (${protocol})`),
      rate(`${prefix}.resolution_failed_per_s`, 'res_failed', `Addresses that could not be resolved (${protocol})`),
    ],
    open: perCpuLines,
  }
}

export const neighbourTables: readonly Collector[] = [
  neighbours('net/stat/arp_cache', 'neighbour', 'IPv4'),
  neighbours('net/stat/ndisc_cache', 'neighbour6', 'IPv6'),
]
