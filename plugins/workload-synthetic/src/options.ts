import { z } from '@semantos/core'

const on = z.boolean().default(true)

/** The host and its traffic. Defaults: a web server under more load than it likes. */
export const Options = z.strictObject({
  /** Requests sampled in one trial. */
  requests: z.int().min(20).max(1_000_000).default(400),
  /** Connections a second, arriving in bursts. */
  arrival_rate_per_s: z.number().positive().max(1e6).default(8000),
  burst_interval_ms: z.number().positive().max(1000).default(100),
  /** How far one trial's traffic may lie from the mean, in percent: uniform, both ways. */
  traffic_variation_pct: z.number().min(0).max(50).default(6),
  /** A request that takes longer is an error, and counts with this latency. */
  client_timeout_ms: z.number().positive().max(600_000).default(10_000),
  /** Runnable tasks on each CPU that the server may use, averaged as in the load average. */
  load_tasks: z.number().min(0).max(1000).default(9),
  /** What each connection writes to files. */
  upload_kib: z.number().min(0).max(1e6).default(256),
  /** Memory that may hold dirty pages: that of the server's memory cgroup. */
  dirtyable_mib: z.number().positive().max(1e8).default(2048),
  /** The working set beyond memory, in percent of memory. 0: nothing is ever reclaimed. */
  memory_overcommit_pct: z.number().min(0).max(100).default(4),
  numa_nodes: z.int().min(1).max(1024).default(2),
  /** A mechanism that is switched off delays nobody, and its knobs have no effect. */
  mechanisms: z
    .strictObject({ accept_queue: on, device_backlog: on, scheduler: on, writeback: on, swap: on, numa: on })
    .prefault({}),
})
export type Options = z.output<typeof Options>
