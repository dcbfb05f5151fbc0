import { above, any, fills, limit } from '../detect.js'
import { divided, noMoreThan, times } from '../propose.js'
import { type Symptom, lower, raise } from '../symptom.js'

const NEVER_PER_S = 0.1
/** sizeof(struct nf_conn) with its slab and extensions; a bucket is a pointer. */
const ENTRY_BYTES = 320
const BUCKET_BYTES = 8

const moreBuckets = raise('net.netfilter.nf_conntrack_buckets', times(8, BUCKET_BYTES))

export const conntrack: readonly Symptom[] = [
  {
    id: 'conntrack.full',
    set: 'evidence',
    says: 'The connection tracking table is full or nearly so',
    when: any(
      above('conntrack.drop_per_s', NEVER_PER_S, 'a packet of a new connection is lost for each'),
      above('conntrack.early_drop_per_s', NEVER_PER_S, 'an older connection is forgotten for each'),
      above('conntrack.used_pct', 80, 'percent in use; a burst fills the rest'),
    ),
    remedies: [
      {
        id: 'larger',
        changes: [raise('net.netfilter.nf_conntrack_max', times(8, ENTRY_BYTES)), moreBuckets],
        why: 'A packet that would begin an entry in a full table is dropped, and its sender tries again a second later. Buckets grow along, or lookups walk long chains.',
        expected: { metric: 'conntrack.drop_per_s', change_pct: -100 },
        uncertainty: 0.1,
        checkAfter: 'drops and early drops; at about 320 bytes an entry the memory is small',
      },
      {
        id: 'forget-sooner',
        changes: [
          lower('net.netfilter.nf_conntrack_tcp_timeout_established', divided(8)),
          lower('net.netfilter.nf_conntrack_tcp_timeout_time_wait', noMoreThan(30)),
          lower('net.netfilter.nf_conntrack_tcp_timeout_fin_wait', noMoreThan(30)),
          lower('net.netfilter.nf_conntrack_tcp_timeout_syn_sent', noMoreThan(30)),
          lower('net.netfilter.nf_conntrack_udp_timeout_stream', noMoreThan(60)),
        ],
        why: 'By default an idle connection is remembered for five days and a closed one for two minutes.',
        expected: { metric: 'conntrack.count', change_pct: -50 },
        uncertainty: 0.35,
        checkAfter: 'connections that are idle for hours and then cut off by a filter',
      },
    ],
    advice: 'Exempt traffic that needs no tracking (notrack), or find who opens so many connections.',
  },
  {
    id: 'conntrack.chains',
    set: 'evidence',
    says: 'Entries of the connection tracking table stand in long chains, or cannot be inserted',
    when: any(above('conntrack.insert_failed_per_s', 1, 'more than a chance race'), fills('conntrack.count', limit('net.netfilter.nf_conntrack_buckets'), 4, 'entries, several a bucket')),
    remedies: [
      {
        id: 'more-buckets',
        changes: [moreBuckets],
        why: 'Every packet walks a chain to find its entry; more buckets make chains shorter.',
        expected: { metric: 'conntrack.insert_failed_per_s', change_pct: -60 },
        uncertainty: 0.4,
        checkAfter: 'failed inserts, and CPU time of soft interrupts',
      },
    ],
    advice: 'Two packets of one new connection race for its entry; DNS clients that ask twice from one port are the usual case.',
  },
]
