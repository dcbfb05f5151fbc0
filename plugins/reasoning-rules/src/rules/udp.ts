import { above, any } from '../detect.js'
import { notBelow, times, timesEach } from '../propose.js'
import { type Symptom, raise } from '../symptom.js'

const NEVER_PER_S = 0.1
const HEALTHY = 'a healthy host drops none'
const PAGE_BYTES = 4096
const SOCKETS = 16
const larger = times(8, SOCKETS)

export const udp: readonly Symptom[] = [
  {
    id: 'udp.receive-buffer-full',
    set: 'evidence',
    says: 'UDP datagrams are dropped because a receive buffer is full',
    when: any(above('udp.rcvbuf_errors_per_s', NEVER_PER_S, HEALTHY), above('udp6.rcvbuf_errors_per_s', NEVER_PER_S, HEALTHY)),
    remedies: [
      {
        id: 'larger',
        changes: [raise('net.core.rmem_default', larger), raise('net.core.rmem_max', notBelow('net.core.rmem_default', larger, larger))],
        why: 'A socket gets the default unless its program asks for more, and then no more than the limit. UDP buffers do not grow by themselves.',
        expected: { metric: 'udp.rcvbuf_errors_per_s', change_pct: -90 },
        uncertainty: 0.15,
        checkAfter: 'dropped datagrams, on sockets opened after the change',
      },
    ],
    advice: 'The program reads more slowly than datagrams come: let it ask for a larger buffer, or give it more sockets.',
  },
  {
    id: 'udp.memory',
    set: 'evidence',
    says: 'UDP as a whole is short of buffer memory',
    when: above('udp.mem_errors_per_s', NEVER_PER_S, HEALTHY),
    remedies: [
      {
        id: 'more',
        changes: [raise('net.ipv4.udp_mem', timesEach(4, PAGE_BYTES))],
        why: 'Above the last number datagrams are dropped, whatever each socket may have.',
        expected: { metric: 'udp.mem_errors_per_s', change_pct: -90 },
        uncertainty: 0.2,
        checkAfter: 'the memory of UDP buffers against available memory',
      },
      {
        id: 'minimum',
        changes: [raise('net.ipv4.udp_rmem_min', times(8, SOCKETS))],
        why: 'Each socket may have this much even while UDP is short of memory.',
        expected: { metric: 'udp.mem_errors_per_s', change_pct: -30 },
        uncertainty: 0.45,
        checkAfter: 'dropped datagrams',
      },
    ],
    advice: 'Fewer sockets or smaller buffers fit into the memory of this host.',
  },
  {
    id: 'udp.send-buffer-full',
    set: 'evidence',
    says: 'UDP datagrams are not sent because a send buffer is full',
    when: any(above('udp.sndbuf_errors_per_s', NEVER_PER_S, HEALTHY), above('udp6.sndbuf_errors_per_s', NEVER_PER_S, HEALTHY)),
    remedies: [
      {
        id: 'larger',
        changes: [raise('net.core.wmem_default', larger), raise('net.core.wmem_max', notBelow('net.core.wmem_default', larger, larger))],
        why: 'A sender that does not wait loses what does not fit.',
        expected: { metric: 'udp.sndbuf_errors_per_s', change_pct: -80 },
        uncertainty: 0.25,
        checkAfter: 'datagrams not sent, on sockets opened after the change',
      },
    ],
    advice: 'The program sends faster than the device can: pace it.',
  },
  {
    id: 'udp.nobody-listens',
    set: 'evidence',
    says: 'UDP datagrams come for a port on which nobody listens',
    when: above('udp.no_ports_per_s', 10, 'more than a stray packet'),
    remedies: [],
    advice: 'Find the sender, or the service that should listen.',
  },
  {
    id: 'udp.bad-checksums',
    set: 'evidence',
    says: 'UDP datagrams arrive damaged',
    when: above('udp.in_csum_errors_per_s', NEVER_PER_S, 'a healthy path damages none'),
    remedies: [],
    advice: 'Look at cables, and at checksum offload of the network devices.',
  },
]
