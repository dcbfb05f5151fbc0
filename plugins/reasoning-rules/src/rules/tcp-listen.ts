import { above, all, any, atMost, excess } from '../detect.js'
import { atLeast, noMoreThan, times } from '../propose.js'
import { type Symptom, lower, raise, set } from '../symptom.js'

/** Counters of loss that a healthy host does not move: one event in ten seconds is a symptom. */
const NEVER_PER_S = 0.1
const HEALTHY = 'a healthy host drops none'

export const tcpListen: readonly Symptom[] = [
  {
    id: 'tcp.accept-queue-full',
    set: 'evidence',
    says: 'Connections are dropped because the accept queue of a listening socket is full',
    when: above('tcpext.listen_overflows_per_s', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'longer-queue',
        changes: [raise('net.core.somaxconn', times(8))],
        why: 'listen() takes the smaller of the backlog that the program asks for and this limit. A client whose handshake is dropped tries again after a second or more.',
        expected: { metric: 'tcpext.listen_overflows_per_s', change_pct: -100 },
        uncertainty: 0.1,
        checkAfter: 'overflows are gone once the service has been started anew; if not, raise the backlog that the service itself asks for',
      },
      {
        id: 'no-resets',
        changes: [set('net.ipv4.tcp_abort_on_overflow', noMoreThan(0))],
        why: 'A client that is reset fails at once, where one that is merely dropped gets in with its next attempt.',
        expected: { metric: 'error_pct', change_pct: -50 },
        uncertainty: 0.3,
        checkAfter: 'failed connections',
      },
    ],
    advice: 'The service accepts more slowly than connections come: raise the backlog in its own configuration, or give it more workers that accept.',
  },
  {
    id: 'tcp.syn-queue-full',
    set: 'evidence',
    says: 'The queue of half-open connections is full',
    when: any(
      above('tcpext.tcp_req_q_full_drop_per_s', NEVER_PER_S, HEALTHY),
      above('tcpext.tcp_req_q_full_do_cookies_per_s', NEVER_PER_S, 'cookies are for an emergency'),
      above('tcpext.syncookies_sent_per_s', NEVER_PER_S, 'cookies are for an emergency'),
    ),
    remedies: [
      {
        id: 'cookies',
        changes: [set('net.ipv4.tcp_syncookies', atLeast(1))],
        why: 'With cookies a full queue still answers; without them it drops.',
        expected: { metric: 'tcpext.tcp_req_q_full_drop_per_s', change_pct: -100 },
        uncertainty: 0.15,
        checkAfter: 'attempts dropped with a full queue',
      },
      {
        id: 'longer-queue',
        changes: [raise('net.ipv4.tcp_max_syn_backlog', times(8)), raise('net.core.somaxconn', times(8))],
        why: 'Half-open connections are limited by the listener backlog, and without cookies by tcp_max_syn_backlog as well.',
        expected: { metric: 'tcpext.listen_drops_per_s', change_pct: -90 },
        uncertainty: 0.2,
        checkAfter: 'drops and cookies, once the service has been started anew',
      },
      {
        id: 'give-up-sooner',
        changes: [lower('net.ipv4.tcp_synack_retries', noMoreThan(3))],
        why: 'A half-open connection that will never complete holds its place until the last retry has run out.',
        expected: { metric: 'tcpext.listen_drops_per_s', change_pct: -30 },
        uncertainty: 0.45,
        checkAfter: 'failed connections of clients on bad links',
      },
    ],
    advice: 'Look for a flood of connection attempts, and at the backlog of the service.',
  },
  {
    id: 'tcp.syn-dropped',
    set: 'evidence',
    says: 'A listening socket drops connection attempts although its accept queue has room',
    when: excess('tcpext.listen_drops_per_s', 'tcpext.listen_overflows_per_s', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'syn-backlog',
        changes: [raise('net.ipv4.tcp_max_syn_backlog', times(8))],
        why: 'Without cookies the kernel keeps the last quarter of this queue for clients it knows, and drops the others.',
        expected: { metric: 'tcpext.listen_drops_per_s', change_pct: -80 },
        uncertainty: 0.3,
        checkAfter: 'drops beyond overflows',
      },
    ],
    advice: 'Attempts are dropped for want of memory, of a route, or by a filter: look at the memory of TCP and at socket filters.',
  },
  {
    id: 'tcp.syn-unanswered',
    set: 'evidence',
    says: 'Connection attempts have to be repeated, and not for a queue of this host',
    when: all(above('tcpext.tcp_syn_retrans_per_s', 1, 'a healthy path loses fewer'), atMost('tcpext.listen_drops_per_s', NEVER_PER_S, 'no queue here drops')),
    remedies: [
      {
        id: 'linear',
        changes: [set('net.ipv4.tcp_syn_linear_timeouts', atLeast(4))],
        why: 'The first attempts are then repeated a second apart, instead of after one, two, four and eight seconds.',
        expected: { metric: 'p99_ms', change_pct: -20 },
        uncertainty: 0.4,
        checkAfter: 'time to connect',
      },
    ],
    advice: 'The other end, or something on the way, does not answer: look at its listen queues, its connection tracking and its filters.',
  },
  {
    id: 'tcp.fast-open-full',
    set: 'evidence',
    says: 'TCP Fast Open attempts exceed the limit of a listening socket',
    when: above('tcpext.tcp_fast_open_listen_overflow_per_s', NEVER_PER_S, HEALTHY),
    remedies: [],
    advice: 'Raise the queue length that the service gives with TCP_FASTOPEN.',
  },
]
