import { keyedLines } from '../keyed.js'
import { type Collector, type MetricSpec, gauge } from '../table.js'

/** The file says kB and means KiB. */
const KIB = 1024

function bytes(name: string, column: string, meaning: string): MetricSpec {
  return gauge(`memory.${name}_bytes`, column, 'bytes', meaning, { scale: KIB })
}

/** In the file's order, so that one pass finds all: https://docs.kernel.org/filesystems/proc.html#meminfo */
const metrics: readonly MetricSpec[] = [
  bytes('total', 'MemTotal', 'Memory the kernel can use'),
  bytes('free', 'MemFree', 'Memory nobody uses'),
  bytes('available', 'MemAvailable', 'Estimate of what programs could get without swapping'),
  bytes('buffers', 'Buffers', 'Cache of raw disk blocks'),
  bytes('cached', 'Cached', 'Page cache, tmpfs and shared memory included'),
  bytes('swap_cached', 'SwapCached', 'Pages in memory that are in swap as well'),
  bytes('active', 'Active', 'Memory used lately'),
  bytes('inactive', 'Inactive', 'Memory reclaimed first'),
  bytes('unevictable', 'Unevictable', 'Memory that cannot be reclaimed, such as locked pages'),
  bytes('swap_total', 'SwapTotal', 'Swap space'),
  bytes('swap_free', 'SwapFree', 'Swap space nobody uses'),
  bytes('dirty', 'Dirty', 'Changed file pages that wait to be written'),
  bytes('writeback', 'Writeback', 'File pages being written right now'),
  bytes('anon', 'AnonPages', "Programs' own memory, not backed by files"),
  bytes('mapped', 'Mapped', 'Files mapped into programs'),
  bytes('shmem', 'Shmem', 'Shared memory and tmpfs'),
  bytes('slab', 'Slab', "The kernel's object caches"),
  bytes('slab_reclaimable', 'SReclaimable', 'Part of the slab that can be reclaimed: dentries and inodes'),
  bytes('slab_unreclaimable', 'SUnreclaim', 'Part of the slab that cannot be reclaimed'),
  bytes('kernel_stack', 'KernelStack', "Tasks' kernel stacks"),
  bytes('page_tables', 'PageTables', 'Page tables'),
  bytes('commit_limit', 'CommitLimit', 'Limit of committed memory where overcommit is strict'),
  bytes('committed', 'Committed_AS', 'Memory promised to programs'),
  bytes('anon_huge_pages', 'AnonHugePages', 'Program memory in transparent huge pages'),
  gauge('memory.huge_pages_total', 'HugePages_Total', 'pages', 'Reserved huge pages of the default size'),
  gauge('memory.huge_pages_free', 'HugePages_Free', 'pages', 'Reserved huge pages nobody uses'),
  gauge('memory.huge_pages_reserved', 'HugePages_Rsvd', 'pages', 'Huge pages promised but not used yet'),
  gauge('memory.huge_pages_surplus', 'HugePages_Surp', 'pages', 'Huge pages above the reserved number'),
  bytes('huge_page_size', 'Hugepagesize', 'Default size of a huge page'),
]

export const memory: Collector = {
  file: 'meminfo',
  rows: 'host',
  metrics,
  open: () => keyedLines(metrics.map((metric) => metric.rule.column), ':'),
}
