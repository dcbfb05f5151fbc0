import { perCpuLines } from '../per-cpu.js'
import { Scan } from '../scan.js'
import { type Collector, Columns, gauge, hostTable, rate, share } from '../table.js'

// https://docs.kernel.org/networking/nf_conntrack-sysctl.html
const NEEDS = 'connection tracking needs the module nf_conntrack'
const COLUMNS = new Columns(['nf_conntrack_count', 'nf_conntrack_max'])

/** How full the connection tracking table is. */
const table: Collector = {
  file: 'sys/net/netfilter/nf_conntrack_count',
  rows: 'host',
  needs: NEEDS,
  metrics: [
    gauge('conntrack.count', 'nf_conntrack_count', 'count', 'Connections tracked right now'),
    gauge('conntrack.max', 'nf_conntrack_max', 'count', 'Most connections that can be tracked; read from nf_conntrack_max beside the file'),
    share('conntrack.used_pct', ['nf_conntrack_count', 'nf_conntrack_max'], 'Tracked connections in percent of the most possible'),
  ],
  open: ({ host, procfs }) => {
    const maxFile = host.open(`${procfs}/sys/net/netfilter/nf_conntrack_max`)
    return (text) => {
      const max = maxFile.read()
      return hostTable(COLUMNS, Float64Array.of(new Scan(text).number(), 'text' in max ? new Scan(max.text).number() : Number.NaN))
    }
  },
}

/** What happened to packets there. */
const events: Collector = {
  file: 'net/stat/nf_conntrack',
  rows: 'cpu',
  needs: `${NEEDS} and CONFIG_NF_CONNTRACK_PROCFS`,
  metrics: [
    rate('conntrack.drop_per_s', 'drop', 'Packets dropped because the table was full or an entry could not be made'),
    rate('conntrack.early_drop_per_s', 'early_drop', 'Entries thrown out to make room for new ones'),
    rate('conntrack.insert_failed_per_s', 'insert_failed', 'Entries that could not be inserted, most of them races for the same tuple'),
    rate('conntrack.invalid_per_s', 'invalid', 'Packets that fit no connection'),
    rate('conntrack.search_restart_per_s', 'search_restart', 'Lookups begun again because the table was being resized'),
  ],
  open: perCpuLines,
}

export const conntracks: readonly Collector[] = [table, events]
