import { above, all, atMost, computed, excess, share } from '../detect.js'
import { atLeast, divided, noMoreThan, times, word } from '../propose.js'
import { type Symptom, lower, raise, set } from '../symptom.js'

const NEVER_PER_S = 0.1

const selectiveAck = {
  id: 'selective-ack',
  changes: [set('net.ipv4.tcp_sack', atLeast(1)), set('net.ipv4.tcp_dsack', atLeast(1)), set('net.ipv4.tcp_recovery', atLeast(1))],
  why: 'Without selective acknowledgement the sender does not learn what is missing, and waits for the timer.',
  expected: { metric: 'tcpext.tcp_timeouts_per_s', change_pct: -60 },
  uncertainty: 0.15,
  checkAfter: 'time-outs against fast retransmissions',
} as const

export const tcpLoss: readonly Symptom[] = [
  {
    id: 'tcp.timeouts',
    set: 'evidence',
    says: 'Established TCP connections wait for the retransmission timer',
    when: all(
      excess('tcpext.tcp_timeouts_per_s', 'tcpext.tcp_syn_retrans_per_s', 0.5, 'more than lost handshakes explain'),
      // A full accept queue drops the last packet of the handshake, and its client then times out as well.
      atMost('tcpext.listen_overflows_per_s', NEVER_PER_S, 'no accept queue explains it'),
      atMost('tcpext.tcp_spurious_rtos_per_s', NEVER_PER_S, 'the timer is not too short'),
    ),
    remedies: [
      selectiveAck,
      {
        id: 'probe',
        changes: [set('net.ipv4.tcp_early_retrans', atLeast(3))],
        why: 'A probe sent after two round trips finds a lost last packet before the timer does.',
        expected: { metric: 'tcpext.tcp_timeouts_per_s', change_pct: -40 },
        uncertainty: 0.15,
        checkAfter: 'time-outs',
      },
      {
        id: 'shorter-timer',
        changes: [lower('net.ipv4.tcp_rto_min_us', divided(8))],
        why: 'A lost last packet is found by a timer that waits at least this long, 200 ms by default, where round trips inside a data centre take a hundredth of it.',
        expected: { metric: 'p99_ms', change_pct: -50 },
        uncertainty: 0.2,
        checkAfter: 'needless time-outs, which must stay near zero',
      },
      {
        id: 'thin-streams',
        changes: [set('net.ipv4.tcp_thin_linear_timeouts', atLeast(1))],
        why: 'A connection with few packets under way cannot recover without the timer; this keeps the timer from doubling for it.',
        expected: { metric: 'p99_ms', change_pct: -20 },
        uncertainty: 0.35,
        checkAfter: 'retransmissions on congested links',
      },
      {
        id: 'less-backoff',
        changes: [lower('net.ipv4.tcp_rto_max_ms', noMoreThan(20_000))],
        why: 'The timer doubles with each loss; a lower ceiling finds sooner that a path works again.',
        expected: { metric: 'max_ms', change_pct: -50 },
        uncertainty: 0.45,
        checkAfter: 'connections that are given up too soon',
      },
      {
        id: 'mtu-probing',
        changes: [set('net.ipv4.tcp_mtu_probing', atLeast(1))],
        why: 'Where large packets vanish without a message, this finds the size that passes after two time-outs.',
        expected: { metric: 'tcpext.tcp_timeouts_per_s', change_pct: -30 },
        uncertainty: 0.5,
        checkAfter: 'the counter of successful MTU probes',
      },
    ],
    advice: 'Find out where packets are lost: errors and drops of network devices, filters, a congested link.',
  },
  {
    id: 'tcp.retransmits',
    set: 'evidence',
    says: 'More than one in a hundred TCP segments is sent again',
    when: all(
      share('tcp.retrans_segs_per_s', 'tcp.out_segs_per_s', 0.01, 'share of segments sent again, and 1% already costs throughput'),
      above('tcp.retrans_segs_per_s', 5, 'more than probes of a closed window explain'),
      atMost('tcpext.listen_overflows_per_s', NEVER_PER_S, 'no accept queue explains it'),
    ),
    remedies: [
      selectiveAck,
      {
        id: 'bbr',
        changes: [set('net.ipv4.tcp_congestion_control', word('bbr', ['cubic', 'reno', 'htcp', 'vegas']))],
        why: 'bbr paces by measured bandwidth and does not halve its rate for a packet lost by chance.',
        expected: { metric: 'throughput_per_s', change_pct: 30 },
        uncertainty: 0.45,
        checkAfter: 'throughput and retransmissions of others on the same link',
      },
    ],
    advice: 'Find out where packets are lost: errors and drops of network devices, filters, a congested link.',
  },
  {
    id: 'tcp.spurious-timeouts',
    set: 'evidence',
    says: 'Retransmission timers run out although nothing was lost',
    when: above('tcpext.tcp_spurious_rtos_per_s', NEVER_PER_S, 'the timer is shorter than round trips can be'),
    remedies: [
      {
        id: 'longer-timer',
        changes: [raise('net.ipv4.tcp_rto_min_us', times(8))],
        why: 'A timer below the longest round trip sends again what is only late, and slows the connection down for it.',
        expected: { metric: 'tcpext.tcp_spurious_rtos_per_s', change_pct: -90 },
        uncertainty: 0.25,
        checkAfter: 'needless time-outs',
      },
      {
        id: 'undo',
        changes: [set('net.ipv4.tcp_frto', atLeast(2))],
        why: 'The kernel then recognises a needless time-out and takes the slow-down back.',
        expected: { metric: 'p95_ms', change_pct: -10 },
        uncertainty: 0.3,
        checkAfter: 'throughput after a time-out',
      },
    ],
    advice: 'Look for what delays acknowledgements: a stalled receiver, a congested link, power saving of a radio.',
  },
  {
    id: 'tcp.reordering',
    set: 'evidence',
    says: 'Receivers report segments that were sent again for nothing, because packets overtake each other',
    when: all(
      above('tcpext.tcp_dsack_recv_per_s', 5, 'more than probes of a closed window explain'),
      computed(['tcpext.tcp_dsack_recv_per_s', 'tcp.retrans_segs_per_s'], ([dsack = 0, sent = 0]) => (sent > 0 ? dsack / sent : 0), 0.3, 'share of retransmissions that were needless'),
    ),
    remedies: [
      {
        id: 'tolerate',
        changes: [raise('net.ipv4.tcp_reordering', times(4)), raise('net.ipv4.tcp_max_reordering', times(2))],
        why: 'The sender then takes a packet for lost only after more later ones have arrived.',
        expected: { metric: 'tcp.retrans_segs_per_s', change_pct: -50 },
        uncertainty: 0.4,
        checkAfter: 'retransmissions, and time to recover from real loss',
      },
    ],
    advice: 'Look for paths of different length in use at once: bonding, multipath routes, receive queues that move.',
  },
  {
    id: 'tcp.idle-restart',
    set: 'evidence',
    says: 'Long-lived connections carry the traffic, with pauses after which they start slowly again',
    when: all(
      above('tcp.curr_estab', 0, 'connections are open'),
      above('tcp.out_segs_per_s', 500, 'and busy'),
      computed(['tcp.active_opens_per_s', 'tcp.passive_opens_per_s', 'tcp.out_segs_per_s'], ([opened = 0, accepted = 0, sent = 0]) => sent / Math.max(opened + accepted, 0.001), 1000, 'segments sent for each connection opened'),
    ),
    remedies: [
      {
        id: 'keep-window',
        changes: [set('net.ipv4.tcp_slow_start_after_idle', noMoreThan(0))],
        why: 'After a pause of one time-out a connection forgets its window and sends its next burst in several round trips.',
        expected: { metric: 'p95_ms', change_pct: -10 },
        uncertainty: 0.5,
        checkAfter: 'losses at the start of bursts',
      },
    ],
    advice: null,
  },
]
