import { above, any, excess } from '../detect.js'
import { partOf, times } from '../propose.js'
import { type Symptom, raise, set } from '../symptom.js'

const NEVER_PER_S = 0.1
const HEALTHY = 'a healthy host drops none'
const moreFragments = times(8, 1)
/** The kernel's own ratio of the two marks, 3 MiB of 4. */
const LOW_MARK = 0.75

export const netReceive: readonly Symptom[] = [
  {
    id: 'net.backlog-full',
    set: 'evidence',
    says: "Packets are dropped because a CPU's backlog is full",
    when: any(above('softnet.dropped_per_s', NEVER_PER_S, HEALTHY), above('softnet.flow_limit_per_s', NEVER_PER_S, 'one flow fills half of a backlog')),
    remedies: [
      {
        id: 'longer',
        changes: [raise('net.core.netdev_max_backlog', times(8))],
        why: 'Packets of loopback, of virtual devices and of packet steering wait there for their CPU; a burst longer than the backlog is lost.',
        expected: { metric: 'softnet.dropped_per_s', change_pct: -90 },
        uncertainty: 0.2,
        checkAfter: 'drops, and latency: a long queue is also a long wait',
      },
    ],
    advice: 'Spread packets over more CPUs (receive queues, RPS).',
  },
  {
    id: 'net.receive-squeezed',
    set: 'evidence',
    says: 'Packet processing often stops with packets left over',
    when: above('softnet.time_squeezed_per_s', 5, 'rounds cut short a second'),
    remedies: [
      {
        id: 'larger-budget',
        changes: [raise('net.core.netdev_budget', times(4)), raise('net.core.netdev_budget_usecs', times(2))],
        why: 'A round ends when either budget is spent; what is left waits for the next one.',
        expected: { metric: 'softnet.time_squeezed_per_s', change_pct: -80 },
        uncertainty: 0.3,
        checkAfter: 'rounds cut short, and run-queue wait: a longer round holds the CPU',
      },
      {
        id: 'larger-weight',
        changes: [raise('net.core.dev_weight', times(4))],
        why: 'So many packets of the backlog are taken at once before another device has its turn.',
        expected: { metric: 'softnet.time_squeezed_per_s', change_pct: -30 },
        uncertainty: 0.45,
        checkAfter: 'rounds cut short',
      },
    ],
    advice: 'Spread packets over more CPUs (receive queues, RPS).',
  },
  {
    id: 'ip.fragments-lost',
    set: 'evidence',
    says: 'IPv4 packets cannot be put together from their fragments, and not only because some come late',
    when: excess('ip.reasm_fails_per_s', 'ip.reasm_timeout_per_s', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'more-memory',
        changes: [raise('net.ipv4.ipfrag_high_thresh', moreFragments), set('net.ipv4.ipfrag_low_thresh', partOf('net.ipv4.ipfrag_high_thresh', LOW_MARK, moreFragments))],
        why: 'Above this much memory new fragments are dropped, and with one fragment the whole packet is lost.',
        expected: { metric: 'ip.reasm_fails_per_s', change_pct: -90 },
        uncertainty: 0.25,
        checkAfter: 'packets that fail, and the memory of fragments',
      },
    ],
    advice: 'Send datagrams that fit into one packet.',
  },
  {
    id: 'ip6.fragments-lost',
    set: 'evidence',
    says: 'IPv6 packets cannot be put together from their fragments',
    when: above('ip6.reasm_fails_per_s', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'more-memory',
        changes: [raise('net.ipv6.ip6frag_high_thresh', moreFragments), set('net.ipv6.ip6frag_low_thresh', partOf('net.ipv6.ip6frag_high_thresh', LOW_MARK, moreFragments))],
        why: 'Above this much memory new fragments are dropped, and with one fragment the whole packet is lost.',
        expected: { metric: 'ip6.reasm_fails_per_s', change_pct: -90 },
        uncertainty: 0.3,
        checkAfter: 'packets that fail, and the memory of fragments',
      },
    ],
    advice: 'Send datagrams that fit into one packet.',
  },
  {
    id: 'net.transmit-queue-full',
    set: 'evidence',
    says: 'A network device drops packets on the way out',
    each: 'net.tx_dropped_per_s',
    when: above('net.tx_dropped_per_s[*]', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'longer',
        changes: [raise('netdev.tx_queue_len', times(4))],
        why: 'A burst longer than the queue of the device is dropped.',
        expected: { metric: 'net.tx_dropped_per_s', change_pct: -80 },
        uncertainty: 0.4,
        checkAfter: 'drops, and latency: a long queue is also a long wait',
      },
    ],
    advice: 'The device is slower than the traffic; shape the traffic, or share it out.',
  },
  {
    id: 'net.receive-ring-full',
    set: 'evidence',
    says: 'A network device drops packets on the way in',
    each: 'net.rx_dropped_per_s',
    when: above('net.rx_dropped_per_s[*]', 1, 'more than stray protocols'),
    remedies: [],
    advice: 'Enlarge the receive ring (ethtool -G) or use more receive queues; SemantOS does not change devices.',
  },
]
