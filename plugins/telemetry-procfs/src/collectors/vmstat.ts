import { keyedLines } from '../keyed.js'
import { type Collector, type MetricSpec, gauge, rate, share } from '../table.js'

/** Columns that are several keys, or that a kernel splits by memory zone or had under another name. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'nr_dirty + nr_writeback': ['nr_dirty', 'nr_writeback'],
  // Before 5.9 one counter, of file pages only.
  workingset_refault_file: ['workingset_refault_file', 'workingset_refault'],
  workingset_activate_file: ['workingset_activate_file', 'workingset_activate'],
  // One a zone since 4.10.
  allocstall: ['allocstall', 'allocstall_dma', 'allocstall_dma32', 'allocstall_normal', 'allocstall_high', 'allocstall_movable', 'allocstall_device'],
}

function perS(column: string, meaning: string): MetricSpec {
  return rate(`vmstat.${column}_per_s`, column, meaning)
}

function pages(column: string, meaning: string): MetricSpec {
  return gauge(`vmstat.${column}`, column, 'pages', meaning)
}

function kib(column: string, name: string, meaning: string): MetricSpec {
  return rate(`vmstat.${name}_bytes_per_s`, column, meaning, { unit: 'bytes_per_s', scale: 1024 })
}

/** In the order of current kernels' file, so that one pass finds all. */
const metrics: readonly MetricSpec[] = [
  perS('numa_hit', 'Pages allocated on the node that was wanted'),
  perS('numa_miss', 'Pages allocated on a node because the wanted one was full'),
  perS('numa_foreign', 'Pages wanted on a node but allocated on another'),
  perS('numa_local', 'Pages allocated on the node the task ran on'),
  perS('numa_other', 'Pages allocated on a node the task did not run on'),
  perS('workingset_refault_anon', 'Program pages swapped in again soon after they were swapped out'),
  perS('workingset_refault_file', 'File pages read again soon after they were dropped: the page cache is too small'),
  perS('workingset_activate_file', 'File pages read again so soon that they were marked as in use'),
  pages('nr_dirty', 'Changed file pages that wait to be written'),
  pages('nr_writeback', 'File pages being written right now'),
  perS('nr_dirtied', 'File pages that were changed'),
  perS('nr_written', 'File pages that were written'),
  pages('nr_dirty_threshold', 'Dirty pages at which writers are made to wait (vm.dirty_ratio or dirty_bytes)'),
  pages('nr_dirty_background_threshold', 'Dirty pages at which writing starts in the background (vm.dirty_background_ratio or dirty_background_bytes)'),
  share('vmstat.dirty_threshold_used_pct', ['nr_dirty + nr_writeback', 'nr_dirty_threshold'], 'Dirty pages and pages being written in percent of the threshold'),
  kib('pgpgin', 'paged_in', 'Bytes read from disks'),
  kib('pgpgout', 'paged_out', 'Bytes written to disks'),
  perS('pswpin', 'Pages read from swap'),
  perS('pswpout', 'Pages written to swap'),
  perS('allocstall', 'Times a task that wanted memory had to reclaim some itself'),
  perS('pgfault', 'Page faults'),
  perS('pgmajfault', 'Page faults that waited for a disk'),
  perS('pgsteal_kswapd', 'Pages reclaimed in the background'),
  perS('pgsteal_direct', 'Pages reclaimed by tasks that wanted memory'),
  perS('pgscan_kswapd', 'Pages looked at for reclaim in the background'),
  perS('pgscan_direct', 'Pages looked at for reclaim by tasks that wanted memory'),
  perS('pgscan_direct_throttle', 'Times a task that wanted memory was made to wait for the background'),
  perS('pgscan_anon', 'Program pages looked at for reclaim'),
  perS('pgscan_file', 'File pages looked at for reclaim'),
  perS('pgsteal_anon', 'Program pages reclaimed'),
  perS('pgsteal_file', 'File pages reclaimed'),
  perS('slabs_scanned', 'Kernel objects, most of them dentries and inodes, looked at for reclaim'),
  perS('kswapd_low_wmark_hit_quickly', 'Times free memory ran low again at once after background reclaim (vm.watermark_scale_factor)'),
  perS('kswapd_high_wmark_hit_quickly', 'Times background reclaim woke again at once after it had reached its goal'),
  perS('pageoutrun', 'Runs of background reclaim'),
  perS('oom_kill', 'Tasks killed for lack of memory'),
  perS('numa_pte_updates', 'Pages marked by NUMA balancing to see who uses them'),
  perS('numa_hint_faults', 'Page faults that NUMA balancing caused'),
  perS('numa_hint_faults_local', 'Of these, faults on the right node'),
  perS('numa_pages_migrated', 'Pages moved to another node by NUMA balancing'),
  perS('pgmigrate_success', 'Pages moved in memory'),
  perS('pgmigrate_fail', 'Pages that could not be moved'),
  perS('compact_stall', 'Times a task that wanted a huge page had to compact memory itself'),
  perS('compact_fail', 'Of these, compactions that freed no huge page'),
  perS('compact_success', 'Of these, compactions that freed a huge page'),
  perS('compact_daemon_wake', 'Times background compaction was woken'),
  perS('thp_fault_alloc', 'Transparent huge pages given at a page fault'),
  perS('thp_fault_fallback', 'Page faults that got small pages because no huge page was free'),
  perS('thp_collapse_alloc', 'Huge pages made of small ones by khugepaged'),
  perS('thp_collapse_alloc_failed', 'Huge pages khugepaged could not get'),
  perS('thp_split_page', 'Huge pages split into small ones'),
  perS('thp_swpout', 'Huge pages written to swap in one piece'),
  perS('thp_swpout_fallback', 'Huge pages split before they were written to swap'),
  perS('swap_ra', 'Pages read ahead from swap (vm.page-cluster)'),
  perS('swap_ra_hit', 'Of these, pages that were then used'),
]

export const vmstat: Collector = {
  file: 'vmstat',
  rows: 'host',
  metrics,
  open: () => keyedLines(metrics.map((metric) => metric.rule.column), ' ', PARTS),
}
