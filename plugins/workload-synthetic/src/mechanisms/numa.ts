import { REFERENCE_CONNECTIONS } from '../arrivals.js'
import type { Mechanism } from './mechanism.js'

/**
 * Workers move between nodes, their memory stays where it was first touched; `kernel.numa_balancing` moves it after them, at
 * the price of page faults that find out who uses what.
 *
 *   strayed = (numa_nodes - 1) / numa_nodes                               [share of accesses, with no balancing]
 *   remote  = strayed * (1 or LEFT_REMOTE)                                [share of accesses]
 *   delay   = burst * (REMOTE_MS * remote + (0 or HINT_FAULTS_MS))        [ms]
 *   burst   = ahead / REFERENCE_CONNECTIONS: memory controllers are busier in a burst
 *
 * On one node balancing only costs. Sources: Documentation/admin-guide/sysctl/kernel.rst (numa_balancing: reduced remote
 * access against the overhead of scanning and faults), ACPI 6.4 section 5.2.17 (SLIT: local 10, remote commonly about 20).
 */
const REMOTE_MS = 16
const LEFT_REMOTE = 0.4
const HINT_FAULTS_MS = 1.5

export const numa: Mechanism = ({ count, ahead, latencyMs }, knobs, options) => {
  const strayed = (options.numa_nodes - 1) / options.numa_nodes
  const remoteMs = REMOTE_MS * strayed * (knobs.numaBalancing ? LEFT_REMOTE : 1)
  const faultsMs = knobs.numaBalancing ? HINT_FAULTS_MS : 0
  let bursts = 0
  for (let i = 0; i < count; i++) {
    const burst = (ahead[i] ?? 0) / REFERENCE_CONNECTIONS
    bursts += burst
    latencyMs[i] = (latencyMs[i] ?? 0) + burst * (remoteMs + faultsMs)
  }
  return { numa_remote_ms: bursts * remoteMs, numa_hint_fault_ms: bursts * faultsMs }
}
