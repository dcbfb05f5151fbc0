import type { Mechanism } from './mechanism.js'

/**
 * Connections wait for accept() in a queue that `net.core.somaxconn` bounds. One that finds it full is dropped, and its SYN
 * goes out again after 1, 2, 4 ... s, together with all the others that found no room; each round as many fit as the queue
 * holds.
 *
 *   rounds = min(floor(ahead / somaxconn), SYN_RETRIES)                                   [count]
 *   delay  = (2^rounds - 1) * SYN_TIMEOUT_MS + (ahead - rounds * somaxconn) / ACCEPTS_PER_MS   [ms]
 *
 * The server is taken to call listen() at the start of each trial: a socket that listens already keeps its old limit.
 * Sources: net/ipv4/tcp_input.c (tcp_conn_request), listen(2), RFC 6298 section 2 (first timeout 1 s, then doubled),
 * Documentation/networking/ip-sysctl (tcp_syn_retries: 6).
 */
const ACCEPTS_PER_MS = 100
const SYN_TIMEOUT_MS = 1000
const SYN_RETRIES = 6

export const acceptQueue: Mechanism = ({ count, ahead, latencyMs }, knobs) => {
  const room = Math.max(1, knobs.somaxconn)
  let overflows = 0
  let retransmits = 0
  for (let i = 0; i < count; i++) {
    const before = ahead[i] ?? 0
    const rounds = Math.min(Math.floor(before / room), SYN_RETRIES)
    if (rounds > 0) overflows++
    retransmits += rounds
    latencyMs[i] = (latencyMs[i] ?? 0) + (2 ** rounds - 1) * SYN_TIMEOUT_MS + (before - rounds * room) / ACCEPTS_PER_MS
  }
  return { listen_overflows: overflows, syn_retransmits: retransmits }
}
