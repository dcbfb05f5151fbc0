import { above } from '../detect.js'
import { atLeast, largerBuffers, times } from '../propose.js'
import { type Symptom, raise, set } from '../symptom.js'

/** One buffer of many sockets: sixteen of them may take what one pool may. */
const SOCKETS = 16
const LIMITED_PCT = 10

/** What single connections wait for, which no counter of the host shows. */
export const tcpSockets: readonly Symptom[] = [
  {
    id: 'tcp.peer-window-limited',
    set: 'evidence',
    says: "Connections wait for their peer's receive window while they have data to send",
    when: above('tcp_sockets.peer_window_limited_pct', LIMITED_PCT, 'of the busy time; a window as large as the path holds nothing back'),
    remedies: [
      {
        id: 'grow',
        changes: [set('net.ipv4.tcp_moderate_rcvbuf', atLeast(1)), set('net.ipv4.tcp_window_scaling', atLeast(1))],
        why: 'Receive buffers then grow with what the connection needs, and beyond 64 KiB.',
        expected: { metric: 'throughput_per_s', change_pct: 50 },
        uncertainty: 0.15,
        checkAfter: 'the time limited by the window, on new connections',
      },
      {
        id: 'larger',
        changes: [raise('net.ipv4.tcp_rmem', largerBuffers(8))],
        why: 'Where the receiver is on this host, its last number is how far the window may grow.',
        expected: { metric: 'throughput_per_s', change_pct: 100 },
        uncertainty: 0.3,
        checkAfter: 'the time limited by the window and the memory of TCP buffers',
      },
      {
        id: 'larger-asked-for',
        changes: [raise('net.core.rmem_max', times(8, SOCKETS))],
        why: 'A receiver that sets its buffer itself gets no more than this.',
        expected: { metric: 'throughput_per_s', change_pct: 50 },
        uncertainty: 0.4,
        checkAfter: 'the time limited by the window, once the service has been started anew',
      },
    ],
    advice: 'Where the receiver is another host, its buffers need to be larger there; a receiver that reads too slowly needs to be faster.',
  },
  {
    id: 'tcp.send-buffer-limited',
    set: 'evidence',
    says: 'Connections wait for room in their send buffer while the network could take more',
    when: above('tcp_sockets.send_buffer_limited_pct', LIMITED_PCT, 'of the busy time; a send buffer of two windows holds nothing back'),
    remedies: [
      {
        id: 'larger',
        changes: [raise('net.ipv4.tcp_wmem', largerBuffers(8))],
        why: 'Its last number is how far a send buffer may grow: below the product of bandwidth and round trip it is the limit of a connection.',
        expected: { metric: 'throughput_per_s', change_pct: 100 },
        uncertainty: 0.2,
        checkAfter: 'the time limited by the send buffer and the memory of TCP buffers',
      },
      {
        id: 'larger-asked-for',
        changes: [raise('net.core.wmem_max', times(8, SOCKETS))],
        why: 'A program that sets its send buffer itself gets no more than this.',
        expected: { metric: 'throughput_per_s', change_pct: 50 },
        uncertainty: 0.4,
        checkAfter: 'the time limited by the send buffer, once the service has been started anew',
      },
    ],
    advice: 'Let the program set a larger send buffer, or none at all, so that the kernel lets it grow.',
  },
]
