import type { KnobName } from '@semantos/core'
import { DIRTY_KNOBS, dirtyShare } from './dirty-limits.js'
import { type Limit, hold, percent } from './limits.js'
import type { Options } from './options.js'
import type { Rule } from './rule.js'
import { type State, largestIn, numberIn } from './state.js'

const PAGE_BYTES = 4096

/** Dirty pages cannot be reclaimed until they are written. */
const dirtyPages: Limit = {
  knobs: DIRTY_KNOBS,
  what: 'what dirty pages may fill of the available memory',
  side: 'at most',
  option: 'max_dirty_share',
  bound: (options) => options.max_dirty_share,
  quantity: dirtyShare,
  format: percent,
}

/** At 0 and 1 the kernel hardly swaps; with little memory available the OOM killer is next (Documentation/admin-guide/sysctl/vm.rst). */
const swappingHeldBack: Limit = {
  knobs: ['vm.swappiness'],
  what: 'memory in use while swapping is held back',
  side: 'at most',
  option: 'min_available_share',
  bound: (options) => 1 - options.min_available_share,
  quantity: (state, { memoryBytes, availableBytes }) => {
    const swappiness = numberIn(state, 'vm.swappiness')
    if (swappiness === undefined || swappiness > 1) return 0
    if (memoryBytes === undefined || availableBytes === undefined) return 'unknown'
    return 1 - availableBytes / memoryBytes
  },
  format: percent,
}

/**
 * What the high watermark keeps free: vm.min_free_kbytes and twice the distance between watermarks
 * (mm/page_alloc.c, __setup_per_zone_wmarks). Too high, and nothing is left for programs.
 */
const reserve: Limit = {
  knobs: ['vm.min_free_kbytes', 'vm.watermark_scale_factor'],
  what: 'memory that the watermarks keep free',
  side: 'at most',
  option: 'max_reserve_share',
  bound: (options) => options.max_reserve_share,
  quantity: (state, { memoryBytes }) => {
    if (memoryBytes === undefined) return 'unknown'
    const minimumBytes = (numberIn(state, 'vm.min_free_kbytes') ?? 0) * 1024
    const scaled = ((numberIn(state, 'vm.watermark_scale_factor') ?? 0) / 10_000) * memoryBytes
    return (minimumBytes + 2 * Math.max(minimumBytes / 4, scaled)) / memoryBytes
  },
  format: percent,
}

/**
 * Huge pages are taken from everybody else, used or not. vm.nr_hugepages and the sysfs file of the default size are two
 * names of one number, so the larger of the two countings is taken.
 */
const hugePages: Limit = {
  knobs: ['vm.nr_hugepages', 'vm.nr_overcommit_hugepages', 'hugetlb.nr_hugepages', 'hugetlb.nr_overcommit_hugepages'],
  what: 'memory that huge pages may take',
  side: 'at most',
  option: 'max_hugepage_share',
  bound: (options) => options.max_hugepage_share,
  quantity: (state, { memoryBytes, hugePageBytes }) => {
    if (memoryBytes === undefined) return 'unknown'
    const ofDefaultSize = (numberIn(state, 'vm.nr_hugepages') ?? 0) + (numberIn(state, 'vm.nr_overcommit_hugepages') ?? 0)
    return Math.max(ofDefaultSize * hugePageBytes, bytesOfEachSize(state)) / memoryBytes
  },
  format: percent,
}

function bytesOfEachSize(state: State): number {
  let bytes = 0
  for (const [ref, pages] of state) {
    const [, kibibytes] = /^hugetlb\.nr_(?:overcommit_)?hugepages\[hugepages-(\d+)kB\]$/.exec(ref) ?? []
    if (kibibytes !== undefined && typeof pages === 'number') bytes += pages * Number(kibibytes) * 1024
  }
  return bytes
}

/** With overcommit_memory = 2 an allocation beyond the commit limit fails (Documentation/mm/overcommit-accounting.rst). */
const commitLimit: Limit = {
  knobs: ['vm.overcommit_memory', 'vm.overcommit_ratio', 'vm.overcommit_kbytes'],
  what: 'memory promised already, of the commit limit,',
  side: 'at most',
  option: 'min_available_share',
  bound: (options) => 1 - options.min_available_share,
  quantity: (state, { memoryBytes, swapBytes, committedBytes }) => {
    if (String(state.get('vm.overcommit_memory')) !== '2') return 0
    if (memoryBytes === undefined || committedBytes === undefined) return 'unknown'
    const kbytes = numberIn(state, 'vm.overcommit_kbytes') ?? 0
    const ratio = numberIn(state, 'vm.overcommit_ratio') ?? 50
    const limitBytes = swapBytes + (kbytes > 0 ? kbytes * 1024 : (ratio / 100) * memoryBytes)
    return limitBytes > 0 ? committedBytes / limitBytes : Number.MAX_VALUE
  },
  format: percent,
}

/** What one of each unit costs when the pool or table is full; for a vector its largest number counts. */
export const POOLS: readonly { readonly knob: KnobName; readonly bytesEach: number }[] = [
  { knob: 'net.ipv4.tcp_mem', bytesEach: PAGE_BYTES },
  { knob: 'net.ipv4.udp_mem', bytesEach: PAGE_BYTES },
  { knob: 'net.ipv4.ipfrag_high_thresh', bytesEach: 1 },
  // sizeof(struct nf_conn) with its slab and extensions.
  { knob: 'net.netfilter.nf_conntrack_max', bytesEach: 320 },
  { knob: 'net.netfilter.nf_conntrack_buckets', bytesEach: 8 },
  // Documentation/networking/ip-sysctl.rst, tcp_max_orphans: each may hold up to 64 KiB that cannot be swapped.
  { knob: 'net.ipv4.tcp_max_orphans', bytesEach: 64 * 1024 },
  // sizeof(struct tcp_timewait_sock).
  { knob: 'net.ipv4.tcp_max_tw_buckets', bytesEach: 256 },
  // sizeof(struct neighbour) with its link-layer part.
  { knob: 'net.ipv4.neigh.default.gc_thresh3', bytesEach: 512 },
  { knob: 'net.ipv6.neigh.default.gc_thresh3', bytesEach: 512 },
  // Documentation/admin-guide/sysctl/fs.rst: a watch costs about 1 KiB.
  { knob: 'fs.inotify.max_user_watches', bytesEach: 1080 },
]

const pools = POOLS.map(
  ({ knob, bytesEach }): Limit => ({
    knobs: [knob],
    what: 'memory that this may take when full',
    side: 'at most',
    option: 'max_pool_share',
    bound: (options) => options.max_pool_share,
    quantity: (state, { memoryBytes }) => shareOf(largestIn(state, knob), bytesEach, memoryBytes),
    format: percent,
  }),
)

export const SOCKET_BUFFERS: readonly KnobName[] = [
  'net.core.rmem_max', 'net.core.wmem_max', 'net.core.rmem_default', 'net.core.wmem_default', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem',
]

const oneSocket = SOCKET_BUFFERS.map(
  (knob): Limit => ({
    knobs: [knob],
    what: 'memory that the buffer of one socket may take',
    side: 'at most',
    option: 'max_socket_share',
    bound: (options) => options.max_socket_share,
    quantity: (state, { memoryBytes }) => shareOf(largestIn(state, knob), 1, memoryBytes),
    format: percent,
  }),
)

/** Sockets that set no size of their own get the default; as many as are open now may fill it at once. */
const allSockets: Limit = {
  knobs: ['net.core.rmem_default', 'net.core.wmem_default'],
  what: 'memory that the buffers of all sockets open now may take',
  side: 'at most',
  option: 'max_pool_share',
  bound: (options) => options.max_pool_share,
  quantity: (state, { memoryBytes, sockets }) => {
    const each = (numberIn(state, 'net.core.rmem_default') ?? 0) + (numberIn(state, 'net.core.wmem_default') ?? 0)
    return sockets === undefined ? undefined : shareOf(each, sockets, memoryBytes)
  },
  format: percent,
}

function shareOf(count: number | undefined, bytesEach: number, memoryBytes: number | undefined): number | 'unknown' | undefined {
  if (count === undefined) return undefined
  return memoryBytes === undefined ? 'unknown' : (count * bytesEach) / memoryBytes
}

/** What no_oom holds. */
export const MEMORY_LIMITS: readonly Limit[] = [dirtyPages, swappingHeldBack, reserve, hugePages, commitLimit, ...pools, ...oneSocket, allSockets]

/** The kit's guardrail `no_oom`: what the kernel may keep for itself stays a safe part of the host's memory. */
export const noOom: Rule = (proposal, options: Options) => hold('no_oom', MEMORY_LIMITS, proposal, options)
