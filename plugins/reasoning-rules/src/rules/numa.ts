import { above, all, any, given, share } from '../detect.js'
import { atLeast, noMoreThan } from '../propose.js'
import { type Symptom, set } from '../symptom.js'

const severalNodes = given(({ host }) => (host?.numa_nodes ?? 1) > 1)

export const numa: readonly Symptom[] = [
  {
    id: 'numa.remote-memory',
    set: 'evidence',
    says: 'Tasks use memory of another NUMA node',
    when: all(
      severalNodes,
      any(above('numa.remote_pct', 15, 'percent of accesses'), share('vmstat.numa_other_per_s', 'vmstat.numa_hit_per_s', 0.15, 'share of pages allocated on another node than the task ran on')),
    ),
    remedies: [
      {
        id: 'balance',
        changes: [set('kernel.numa_balancing', atLeast(1))],
        why: 'The kernel then moves pages to the node that uses them, and tasks to their pages.',
        expected: { metric: 'p95_ms', change_pct: -10 },
        uncertainty: 0.3,
        checkAfter: 'page faults that balancing causes, and pages moved',
      },
    ],
    advice: 'Bind the service and its memory to one node (numactl, cpusets).',
  },
  {
    id: 'numa.balancing-in-vain',
    set: 'evidence',
    says: 'NUMA balancing looks at many pages and finds almost all in their place',
    when: all(
      above('vmstat.numa_hint_faults_per_s', 10_000, 'page faults a second that it causes'),
      share('vmstat.numa_hint_faults_local_per_s', 'vmstat.numa_hint_faults_per_s', 0.95, 'share of them on the right node'),
    ),
    remedies: [
      {
        id: 'stop',
        changes: [set('kernel.numa_balancing', noMoreThan(0))],
        why: 'Each look costs a page fault, and nothing is left to be moved.',
        expected: { metric: 'p95_ms', change_pct: -5 },
        uncertainty: 0.4,
        checkAfter: 'the share of remote memory over hours',
      },
    ],
    advice: null,
  },
  {
    id: 'numa.zone-reclaim',
    set: 'evidence',
    says: 'Tasks reclaim memory of their own node while other nodes may have some free',
    when: all(severalNodes, above('vmstat.pgscan_direct_per_s', 100, 'pages looked at a second by tasks that want memory')),
    remedies: [
      {
        id: 'use-other-nodes',
        changes: [set('vm.zone_reclaim_mode', noMoreThan(0))],
        why: 'Memory of another node is slower by a fraction; reclaiming costs thousands of times as much.',
        expected: { metric: 'vmstat.pgscan_direct_per_s', change_pct: -80 },
        uncertainty: 0.2,
        checkAfter: 'tasks that have to reclaim memory',
      },
    ],
    advice: null,
  },
]
