import { above, all, any, given, share } from '../detect.js'
import { atLeast, divided, noMoreThan, times } from '../propose.js'
import type { Scene } from '../scene.js'
import { type Symptom, lower, raise } from '../symptom.js'

const KIB = 1024
/** Pages of 4 KiB: below this a reclaim is housekeeping. */
const SOME_PAGES_PER_S = 100

/** File pages that come back are this many times as cheap to lose as program pages: they are read in larger pieces, and not written first. */
const FILE_PAGES_A_PROGRAM_PAGE = 4

function filePagesDominate(scene: Scene): boolean {
  const programs = Math.max(scene.metric('vmstat.pswpin_per_s') ?? 0, scene.metric('vmstat.workingset_refault_anon_per_s') ?? 0)
  return (scene.metric('vmstat.workingset_refault_file_per_s') ?? 0) > FILE_PAGES_A_PROGRAM_PAGE * programs
}

export const reclaim: readonly Symptom[] = [
  {
    id: 'memory.swapping-in',
    set: 'evidence',
    says: 'Programs wait for their own memory to come back from swap',
    when: all(
      any(
        above('vmstat.pswpin_per_s', 10, 'pages swapped in a second'),
        above('vmstat.workingset_refault_anon_per_s', 10, 'pages swapped in soon after they were swapped out'),
      ),
      given((scene) => !filePagesDominate(scene)),
    ),
    remedies: [
      {
        id: 'swap-less',
        changes: [lower('vm.swappiness', noMoreThan(10))],
        why: 'The kernel then drops file pages, which are cheaper to read again, before it swaps programs out.',
        expected: { metric: 'vmstat.pswpin_per_s', change_pct: -70 },
        uncertainty: 0.2,
        checkAfter: 'file pages read again soon after they were dropped',
      },
      {
        id: 'one-page',
        changes: [lower('vm.page-cluster', noMoreThan(0))],
        why: 'Each swapped page is read with seven neighbours by default, which random access does not want.',
        expected: { metric: 'p95_ms', change_pct: -15 },
        uncertainty: 0.4,
        checkAfter: 'pages swapped in, and time of a read',
      },
    ],
    advice: 'The programs of this host need more memory than it has.',
  },
  {
    id: 'memory.swap-read-ahead-wasted',
    set: 'evidence',
    says: 'Most of what is read ahead from swap is never used',
    when: all(
      above('vmstat.swap_ra_per_s', SOME_PAGES_PER_S, 'pages read ahead a second'),
      given((scene) => (scene.metric('vmstat.swap_ra_hit_per_s') ?? Number.POSITIVE_INFINITY) < 0.5 * (scene.metric('vmstat.swap_ra_per_s') ?? 0)),
    ),
    remedies: [
      {
        id: 'one-page',
        changes: [lower('vm.page-cluster', noMoreThan(0))],
        why: 'The window is 2 to the power of this many pages.',
        expected: { metric: 'vmstat.swap_ra_per_s', change_pct: -100 },
        uncertainty: 0.25,
        checkAfter: 'pages swapped in, and time of a read',
      },
    ],
    advice: null,
  },
  {
    id: 'memory.file-cache-thrashing',
    set: 'evidence',
    says: 'File pages are dropped and read again soon after, far more than program pages',
    when: all(
      above('vmstat.workingset_refault_file_per_s', SOME_PAGES_PER_S, 'pages read again a second'),
      given(filePagesDominate),
      above('memory.swap_free_bytes', 0, 'bytes of swap to be had'),
    ),
    remedies: [
      {
        id: 'swap-more',
        changes: [raise('vm.swappiness', atLeast(100))],
        why: 'At 100 idle program memory and file pages are reclaimed alike.',
        expected: { metric: 'vmstat.workingset_refault_file_per_s', change_pct: -40 },
        uncertainty: 0.4,
        checkAfter: 'pages swapped in, which must stay near zero',
      },
    ],
    advice: 'The working set of files is larger than memory: add memory, or read less.',
  },
  {
    id: 'memory.reserve-too-large',
    set: 'evidence',
    says: 'File pages are read again soon after they were dropped, while the kernel keeps a large reserve free',
    when: all(
      above('vmstat.workingset_refault_file_per_s', SOME_PAGES_PER_S, 'pages read again a second'),
      given((scene) => {
        const kbytes = scene.current('vm.min_free_kbytes')
        return typeof kbytes === 'number' && scene.host !== null && kbytes * KIB > 0.05 * scene.host.memory_bytes
      }),
    ),
    remedies: [
      {
        id: 'smaller-reserve',
        changes: [lower('vm.min_free_kbytes', divided(8))],
        why: 'What is kept free caches nothing; more than 5% of memory is rarely needed.',
        expected: { metric: 'vmstat.workingset_refault_file_per_s', change_pct: -30 },
        uncertainty: 0.35,
        checkAfter: 'tasks that have to reclaim memory themselves',
      },
    ],
    advice: null,
  },
  {
    id: 'memory.direct-reclaim',
    set: 'evidence',
    says: 'Tasks that want memory have to reclaim some themselves first',
    when: any(
      above('vmstat.allocstall_per_s', 1, 'tasks held up a second'),
      above('vmstat.pgscan_direct_throttle_per_s', 0.1, 'tasks put to sleep a second'),
      above('vmstat.kswapd_low_wmark_hit_quickly_per_s', 1, 'times a second the background cannot keep up'),
    ),
    remedies: [
      {
        id: 'start-sooner',
        changes: [raise('vm.watermark_scale_factor', times(8))],
        why: 'The background then begins with more memory left, and works longer, so that tasks find free pages.',
        expected: { metric: 'vmstat.allocstall_per_s', change_pct: -80 },
        uncertainty: 0.25,
        checkAfter: 'tasks held up, and the size of the page cache',
      },
      {
        id: 'larger-reserve',
        changes: [raise('vm.min_free_kbytes', times(4, 4 * KIB))],
        why: 'A larger reserve absorbs a burst of allocations.',
        expected: { metric: 'vmstat.allocstall_per_s', change_pct: -50 },
        uncertainty: 0.4,
        checkAfter: 'tasks held up, and the size of the page cache',
      },
    ],
    advice: 'The programs of this host need more memory than it has.',
  },
  {
    id: 'memory.inodes-reclaimed',
    set: 'evidence',
    says: 'The kernel keeps looking for directory entries and inodes to drop',
    when: all(above('vmstat.slabs_scanned_per_s', 10_000, 'objects looked at a second'), above('vmstat.pgmajfault_per_s', 1, 'faults that wait for a disk')),
    remedies: [
      {
        id: 'keep-inodes',
        changes: [lower('vm.vfs_cache_pressure', noMoreThan(50))],
        why: 'Below 100 they are kept rather than file pages, which programs that open many files want.',
        expected: { metric: 'vmstat.slabs_scanned_per_s', change_pct: -40 },
        uncertainty: 0.5,
        checkAfter: 'reclaimable slab, and file pages read again',
      },
    ],
    advice: 'Look for programs that walk through many files once, such as backups and indexers, and give them a cgroup with a memory.high.',
  },
  {
    id: 'memory.commit-limit',
    set: 'evidence',
    says: 'Almost all memory that may be promised has been promised, and overcommit is strict',
    when: all(
      share('memory.committed_bytes', 'memory.commit_limit_bytes', 0.9, 'share of the commit limit; beyond it allocations fail'),
      given((scene) => scene.current('vm.overcommit_memory') === 2),
    ),
    remedies: [
      {
        id: 'promise-more',
        changes: [raise('vm.overcommit_ratio', atLeast(80))],
        why: 'It is the part of memory that counts towards the limit, half by default.',
        expected: { metric: 'memory.commit_limit_bytes', change_pct: 50 },
        uncertainty: 0.35,
        checkAfter: 'available memory: promises may be redeemed',
      },
    ],
    advice: 'Add swap, or let programs reserve less.',
  },
]
