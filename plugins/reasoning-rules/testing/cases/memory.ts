import { GIB } from '../situation.js'
import type { Case } from './index.js'

/** What counters of memory point to. */
export const MEMORY: readonly Case[] = [
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
    name: 'reclaim of a node beside free ones',
    seen: { metrics: { 'vmstat.pgscan_direct_per_s': 5000 }, current: { 'vm.zone_reclaim_mode': 1 }, host: { numa_nodes: 2 } },
    tries: { 'vm.zone_reclaim_mode': 0 },
  },
]
