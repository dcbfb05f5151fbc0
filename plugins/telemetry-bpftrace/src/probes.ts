import { fileURLToPath } from 'node:url'

/** What each histogram shows, and the script in ../scripts that counts it. */
export const PROBES = {
  runqueue: { metric: 'bpf.runqueue_latency', meaning: 'From when a task becomes runnable, or is pushed off a CPU, until it runs' },
  block: { metric: 'bpf.block_latency', meaning: 'From when a disk driver is handed a request until the request is complete' },
  accept: { metric: 'bpf.accept_queue_wait', meaning: 'From the end of a TCP handshake until `accept()` returns the connection' },
} as const

export type ProbeName = keyof typeof PROBES

export const PROBE_NAMES = ['runqueue', 'block', 'accept'] as const satisfies readonly ProbeName[]

export function scriptOf(probe: ProbeName): string {
  return fileURLToPath(new URL(`../scripts/${probe}.bt`, import.meta.url))
}
