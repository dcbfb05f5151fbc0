import type { Mechanism } from './mechanism.js'

/**
 * A burst's packets pass through one CPU's backlog, which holds `net.core.netdev_max_backlog` of them; the rest is dropped.
 * A lost packet is sent again by a tail loss probe, and if that is lost too, by the retransmission timer.
 *
 *   packets = PACKETS_PER_CONNECTION * ahead               [packets]
 *   lost    = max(0, 1 - backlog / packets)                [share]
 *   delay   = min(packets, backlog) / DRAINED_PER_MS + lost * PROBE_MS + lost^2 * TIMEOUT_MS   [ms]
 *
 * A request has many packets, so its expected delay stands for its delay. Beyond the burst a longer backlog changes nothing.
 * Sources: net/core/dev.c (enqueue_to_backlog), Documentation/admin-guide/sysctl/net.rst, RFC 8985 section 7 (probes),
 * include/net/tcp.h (TCP_RTO_MIN: 200 ms).
 */
const PACKETS_PER_CONNECTION = 1.4
const DRAINED_PER_MS = 200
const PROBE_MS = 20
const TIMEOUT_MS = 200

export const deviceBacklog: Mechanism = ({ count, ahead, latencyMs }, knobs) => {
  const room = knobs.netdevMaxBacklogPackets
  let dropped = 0
  for (let i = 0; i < count; i++) {
    const packets = PACKETS_PER_CONNECTION * (ahead[i] ?? 0)
    const lost = packets > room ? 1 - room / packets : 0
    dropped += PACKETS_PER_CONNECTION * lost
    latencyMs[i] = (latencyMs[i] ?? 0) + Math.min(packets, room) / DRAINED_PER_MS + lost * PROBE_MS + lost * lost * TIMEOUT_MS
  }
  return { softnet_dropped: dropped }
}
