import { above, any, fills, limit } from '../detect.js'
import { atLeast, largerBuffers, noMoreThan, times, timesEach } from '../propose.js'
import { type Symptom, lower, raise, set } from '../symptom.js'

const NEVER_PER_S = 0.1
const HEALTHY = 'a healthy host drops none'
const PAGE_BYTES = 4096
/** Documentation/networking/ip-sysctl.rst: a connection without a program may hold this much. */
const ORPHAN_BYTES = 64 * 1024
const TIME_WAIT_BYTES = 256
/** One buffer of many sockets: sixteen of them may take what one pool may. */
const SOCKETS = 16

export const tcpBuffers: readonly Symptom[] = [
  {
    id: 'tcp.receive-buffer-full',
    set: 'evidence',
    says: 'TCP receivers close their window or drop data because their buffer is full',
    when: any(
      above('tcpext.tcp_to_zero_window_adv_per_s', 1, 'windows closed a second'),
      above('tcpext.tcp_want_zero_window_adv_per_s', 1, 'windows almost closed a second'),
      above('tcpext.prune_called_per_s', NEVER_PER_S, HEALTHY),
      above('tcpext.rcv_pruned_per_s', NEVER_PER_S, HEALTHY),
      above('tcpext.tcp_rcv_q_drop_per_s', NEVER_PER_S, HEALTHY),
      above('tcpext.tcp_ofo_drop_per_s', NEVER_PER_S, HEALTHY),
      above('tcpext.tcp_zero_window_drop_per_s', NEVER_PER_S, HEALTHY),
      above('tcpext.tcp_rcv_collapsed_per_s', 1, 'buffers short enough to be squeezed'),
    ),
    remedies: [
      {
        id: 'grow',
        changes: [set('net.ipv4.tcp_moderate_rcvbuf', atLeast(1)), set('net.ipv4.tcp_window_scaling', atLeast(1))],
        why: 'Receive buffers then grow with what the connection needs, and beyond 64 KiB.',
        expected: { metric: 'throughput_per_s', change_pct: 50 },
        uncertainty: 0.15,
        checkAfter: 'closed windows, on new connections',
      },
      {
        id: 'larger',
        changes: [raise('net.ipv4.tcp_rmem', largerBuffers(8))],
        why: 'Its last number is how far a receive buffer may grow; a sender waits whenever the window is closed.',
        expected: { metric: 'tcpext.tcp_to_zero_window_adv_per_s', change_pct: -70 },
        uncertainty: 0.25,
        checkAfter: 'closed windows and the memory of TCP buffers',
      },
      {
        id: 'larger-asked-for',
        changes: [raise('net.core.rmem_max', times(8, SOCKETS))],
        why: 'A program that sets its receive buffer itself gets no more than this.',
        expected: { metric: 'tcpext.tcp_to_zero_window_adv_per_s', change_pct: -30 },
        uncertainty: 0.45,
        checkAfter: 'closed windows, once the service has been started anew',
      },
    ],
    advice: 'The program reads more slowly than data comes; larger buffers only hide that for a while.',
  },
  {
    id: 'tcp.backlog-drops',
    set: 'evidence',
    says: 'Packets are dropped because the backlog of a busy socket is full',
    when: above('tcpext.tcp_backlog_drop_per_s', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'larger-buffers',
        changes: [raise('net.ipv4.tcp_rmem', largerBuffers(8)), raise('net.ipv4.tcp_wmem', largerBuffers(8))],
        why: 'What may wait while a program holds its socket is limited by the send and receive buffers together.',
        expected: { metric: 'tcpext.tcp_backlog_drop_per_s', change_pct: -80 },
        uncertainty: 0.35,
        checkAfter: 'backlog drops and the memory of TCP buffers',
      },
    ],
    advice: 'Spread the load over more connections or threads.',
  },
  {
    id: 'tcp.send-queue-too-big',
    set: 'evidence',
    says: 'Data cannot be cut into segments because the send queue is over its limit',
    when: above('tcpext.tcp_wqueue_too_big_per_s', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'larger',
        changes: [raise('net.ipv4.tcp_wmem', largerBuffers(8))],
        why: 'Retransmitted data is split and then counts twice against the send buffer.',
        expected: { metric: 'tcpext.tcp_wqueue_too_big_per_s', change_pct: -90 },
        uncertainty: 0.35,
        checkAfter: 'the counter, and the memory of TCP buffers',
      },
    ],
    advice: 'Give the program a larger send buffer.',
  },
  {
    id: 'tcp.memory-pressure',
    set: 'evidence',
    says: 'TCP as a whole is short of buffer memory',
    when: any(
      above('tcpext.tcp_memory_pressures_per_s', 0.01, 'under pressure TCP shrinks every window'),
      fills('sockets.tcp_mem_pages', limit('net.ipv4.tcp_mem', 1), 0.9, 'pages in use, near the limit of pressure'),
    ),
    remedies: [
      {
        id: 'more',
        changes: [raise('net.ipv4.tcp_mem', timesEach(4, PAGE_BYTES))],
        why: 'Above the second number buffers stop growing, above the third packets are dropped, whatever each socket may have.',
        expected: { metric: 'tcpext.tcp_memory_pressures_per_s', change_pct: -90 },
        uncertainty: 0.2,
        checkAfter: 'the memory of TCP buffers against available memory',
      },
    ],
    advice: 'Fewer connections or smaller buffers fit into the memory of this host.',
  },
  {
    id: 'tcp.orphans',
    set: 'evidence',
    says: 'Connections are cut because too many are left without a program, or for want of memory',
    when: any(
      above('tcpext.tcp_abort_on_memory_per_s', NEVER_PER_S, 'a healthy host cuts none'),
      fills('sockets.tcp_orphan', limit('net.ipv4.tcp_max_orphans'), 0.5, 'at half of the limit the kernel begins to cut some'),
    ),
    remedies: [
      {
        id: 'more',
        changes: [raise('net.ipv4.tcp_max_orphans', times(4, ORPHAN_BYTES))],
        why: 'Above the limit a connection that its program has closed is reset instead of finished.',
        expected: { metric: 'tcpext.tcp_abort_on_memory_per_s', change_pct: -90 },
        uncertainty: 0.3,
        checkAfter: 'orphans and the memory of TCP buffers',
      },
      {
        id: 'end-sooner',
        changes: [lower('net.ipv4.tcp_fin_timeout', noMoreThan(20))],
        why: 'An orphan that waits for the other end to close is then dropped sooner.',
        expected: { metric: 'sockets.tcp_orphan', change_pct: -40 },
        uncertainty: 0.4,
        checkAfter: 'orphans',
      },
    ],
    advice: 'Look for clients that vanish without closing, and for a service that closes with data unread.',
  },
  {
    id: 'tcp.time-wait-overflow',
    set: 'evidence',
    says: 'Closed connections cannot be kept in TIME_WAIT because there are too many',
    when: above('tcpext.tcp_time_wait_overflow_per_s', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'more',
        changes: [raise('net.ipv4.tcp_max_tw_buckets', times(4, TIME_WAIT_BYTES))],
        why: 'A connection without TIME_WAIT can meet a late packet of its predecessor.',
        expected: { metric: 'tcpext.tcp_time_wait_overflow_per_s', change_pct: -100 },
        uncertainty: 0.3,
        checkAfter: 'overflows, and connections in TIME_WAIT',
      },
    ],
    advice: 'Keep connections open and reuse them.',
  },
  {
    id: 'tcp.corked',
    set: 'evidence',
    says: 'The kernel often holds small writes back to send them together',
    when: above('tcpext.tcp_auto_corking_per_s', 100, 'writes held back a second'),
    remedies: [
      {
        id: 'send-at-once',
        changes: [set('net.ipv4.tcp_autocorking', noMoreThan(0))],
        why: 'A held write leaves when an earlier packet has left the device; a service of small answers may gain by sending at once.',
        expected: { metric: 'p95_ms', change_pct: -5 },
        uncertainty: 0.5,
        checkAfter: 'packets sent and CPU time',
      },
    ],
    advice: null,
  },
]
