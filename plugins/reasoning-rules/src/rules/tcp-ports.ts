import type { KnobValue } from '@semantos/core'
import { any, fills } from '../detect.js'
import { atLeast, divided } from '../propose.js'
import type { Scene } from '../scene.js'
import { type Symptom, lower, raise, set } from '../symptom.js'

/** Above the ports on which services usually listen. */
const FIRST_PORT = 10_240
const LAST_PORT = 65_535

function portsInRange(scene: Scene): number | undefined {
  const range = scene.current('net.ipv4.ip_local_port_range')
  if (typeof range !== 'object') return undefined
  const [first = 0, last = 0] = range
  return last - first + 1
}

function wider(current: KnobValue): KnobValue | null {
  if (typeof current !== 'object') return null
  const [first = 0, last = 0] = current
  return first > FIRST_PORT || last < LAST_PORT ? [Math.min(first, FIRST_PORT), LAST_PORT] : null
}

export const tcpPorts: readonly Symptom[] = [
  {
    id: 'tcp.ports-run-out',
    set: 'evidence',
    says: 'Connections, open or in TIME_WAIT, use up the ports for outgoing connections',
    when: any(fills('sockets.tcp_time_wait', portsInRange, 0.5, 'as many as half of the ports'), fills('tcp.curr_estab', portsInRange, 1, 'as many as there are ports')),
    remedies: [
      {
        id: 'wider-range',
        changes: [raise('net.ipv4.ip_local_port_range', wider)],
        why: 'Connections to one address and port can be as many as there are local ports; near the end connect() searches long, then fails.',
        expected: { metric: 'error_pct', change_pct: -90 },
        uncertainty: 0.15,
        checkAfter: 'failed connections; reserve the ports of services that listen inside the range',
      },
      {
        id: 'reuse',
        changes: [set('net.ipv4.tcp_tw_reuse', (current) => (current === 1 ? null : 1)), set('net.ipv4.tcp_timestamps', atLeast(1))],
        why: 'With time stamps a port in TIME_WAIT can safely be used again after a second; the default allows that over loopback only.',
        expected: { metric: 'error_pct', change_pct: -80 },
        uncertainty: 0.3,
        checkAfter: 'failed connections',
      },
      {
        id: 'reuse-sooner',
        changes: [lower('net.ipv4.tcp_tw_reuse_delay', divided(8))],
        why: 'It says how long a port rests before it may be used again.',
        expected: { metric: 'error_pct', change_pct: -50 },
        uncertainty: 0.45,
        checkAfter: 'resets from the other end',
      },
    ],
    advice: 'Keep connections open and reuse them, or use more than one local address.',
  },
]
