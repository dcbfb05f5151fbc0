import { above, all, any, atMost, computed, given, share } from '../detect.js'
import { times, word } from '../propose.js'
import type { Scene } from '../scene.js'
import { type Symptom, lower, raise, set } from '../symptom.js'

const MIB = 1024 * 1024
const HUGE_PAGE_BYTES = 2 * MIB

/** Leaves what is used or promised, and a quarter of the rest. */
function withoutIdlePages(_current: unknown, _knob: unknown, scene: Scene): number | null {
  const total = scene.metric('memory.huge_pages_total')
  const free = scene.metric('memory.huge_pages_free')
  return total === undefined || free === undefined ? null : Math.round(total - 0.75 * (free - (scene.metric('memory.huge_pages_reserved') ?? 0)))
}

export const hugePages: readonly Symptom[] = [
  {
    id: 'thp.compaction-stalls',
    set: 'evidence',
    says: 'Tasks stop to move memory about so that they can have a huge page',
    when: any(above('vmstat.compact_stall_per_s', 1, 'tasks held up a second'), above('vmstat.compact_fail_per_s', 1, 'tasks held up for nothing a second')),
    remedies: [
      {
        id: 'in-background',
        changes: [set('thp.defrag', word('defer+madvise', ['always']))],
        why: 'A fault then takes a small page at once, and leaves huge ones to the background; programs that ask for them still wait.',
        expected: { metric: 'vmstat.compact_stall_per_s', change_pct: -80 },
        uncertainty: 0.2,
        checkAfter: 'tasks held up, and huge pages given at a fault',
      },
      {
        id: 'only-on-request',
        changes: [set('thp.enabled', word('madvise', ['always']))],
        why: 'Only programs that ask for huge pages then get them, and only those wait.',
        expected: { metric: 'vmstat.compact_stall_per_s', change_pct: -80 },
        uncertainty: 0.35,
        checkAfter: 'tasks held up, and throughput of programs with large heaps',
      },
      {
        id: 'compact-ahead',
        changes: [raise('vm.compaction_proactiveness', times(2))],
        why: 'The background then keeps more huge pages ready.',
        expected: { metric: 'vmstat.compact_stall_per_s', change_pct: -30 },
        uncertainty: 0.45,
        checkAfter: 'CPU time of kcompactd',
      },
    ],
    advice: 'Reserve huge pages at boot for the programs that need them.',
  },
  {
    id: 'thp.unused',
    set: 'evidence',
    says: 'Programs take much memory page by page, and almost none of it in huge pages',
    when: all(
      above('vmstat.pgfault_per_s', 10_000, 'page faults a second, each for a small page'),
      // A program that starts has some hundred faults of its own, which huge pages do not save.
      computed(['vmstat.pgfault_per_s', 'sched.forks_per_s'], ([faults = 0, forks = 0]) => faults / Math.max(forks, 1), 5000, 'faults for each program started'),
      computed(['vmstat.pgfault_per_s', 'vmstat.thp_fault_alloc_per_s'], ([faults = 0, huge = 0]) => faults / Math.max(huge, 1), 5000, 'faults for each huge page'),
    ),
    remedies: [
      {
        id: 'always',
        changes: [set('thp.enabled', word('always', ['madvise', 'never'])), set('thp.defrag', word('madvise', ['never']))],
        why: 'A huge page needs one translation where small ones need 512, which random access to a large heap feels.',
        expected: { metric: 'throughput_per_s', change_pct: 20 },
        uncertainty: 0.5,
        checkAfter: 'memory in use, stalls for compaction, and the time of page faults; programs started after the change',
      },
    ],
    advice: null,
  },
  {
    id: 'thp.split',
    set: 'evidence',
    says: 'Huge pages are given and then split again',
    when: above('vmstat.thp_split_page_per_s', 10, 'pages split a second'),
    remedies: [
      {
        id: 'only-on-request',
        changes: [set('thp.enabled', word('madvise', ['always']))],
        why: 'Memory that is used in small pieces pays for a huge page, and again for splitting it.',
        expected: { metric: 'vmstat.thp_split_page_per_s', change_pct: -80 },
        uncertainty: 0.4,
        checkAfter: 'page faults, and throughput of programs with large heaps',
      },
    ],
    advice: 'The programs that ask for huge pages give parts of them back: look at the settings of their allocators.',
  },
  {
    id: 'hugetlb.exhausted',
    set: 'evidence',
    says: 'All reserved huge pages are in use',
    when: all(above('memory.huge_pages_total', 0, 'pages are reserved'), atMost('memory.huge_pages_free', 0, 'are free')),
    remedies: [
      {
        id: 'more',
        changes: [raise('vm.nr_hugepages', times(2, HUGE_PAGE_BYTES))],
        why: 'A program that finds none free fails, or falls back to small pages.',
        expected: { metric: 'memory.huge_pages_free', change_pct: 100 },
        uncertainty: 0.4,
        checkAfter: 'how many the kernel could really set aside, and available memory',
      },
    ],
    advice: 'Reserve more at boot, while memory is whole.',
  },
  {
    id: 'hugetlb.idle',
    set: 'evidence',
    says: 'Memory is short while reserved huge pages lie idle',
    when: all(
      share('memory.huge_pages_free', 'memory.huge_pages_total', 0.5, 'share of them free'),
      given((scene) => (scene.metric('memory.huge_pages_total') ?? 0) * HUGE_PAGE_BYTES > 0.05 * (scene.host?.memory_bytes ?? Number.POSITIVE_INFINITY)),
      any(above('pressure.memory_some_pct', 1, 'percent of the time some task waits for memory'), above('vmstat.allocstall_per_s', 1, 'tasks held up a second'), above('vmstat.pswpin_per_s', 10, 'pages swapped in a second')),
    ),
    remedies: [
      {
        id: 'fewer',
        changes: [lower('vm.nr_hugepages', withoutIdlePages)],
        why: 'Reserved pages are lost to everything else, used or not.',
        expected: { metric: 'pressure.memory_some_pct', change_pct: -50 },
        uncertainty: 0.3,
        checkAfter: 'programs that map huge pages when they start',
      },
    ],
    advice: null,
  },
]
