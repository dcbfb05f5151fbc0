import { KnobName, z } from '@semantos/core'

const Share = z.number().gt(0).max(1)

/** Every limit that the guard holds a plan to. Shares are of the host's memory, 0..1. */
export const Options = z.strictObject({
  /** The named guardrails that are held; the other rules always are. */
  guardrails: z.array(z.enum(['bounded_changes', 'no_oom', 'no_starvation'])).default(['bounded_changes', 'no_oom', 'no_starvation']),
  /** Globs of the knobs that may be changed, where `*` stands for any characters. */
  allow: z.array(z.string().min(1)).min(1).default(['*']),
  /** Bounds that take the place of the catalogue's safe ones. */
  bounds: z.record(KnobName, z.strictObject({ min: z.int(), max: z.int() }).refine(({ min, max }) => min <= max, { error: 'min must not exceed max' })).default({}),
  /** A recommendation this uncertain, or more, is refused. 0.55 is the paper's threshold. */
  tau: z.number().gt(0).max(1).default(0.55),
  /** bounded_changes: how many times larger or smaller a value may become in one step. */
  max_factor: z.number().gt(1).default(10),
  /** no_oom: what to take for the host's memory where no telemetry plugin describes the host. */
  assumed_memory_bytes: z.int().positive().nullable().default(null),
  /** no_oom: dirty pages, of the available memory. */
  max_dirty_share: Share.default(0.5),
  /** no_oom: memory kept free by the watermarks, of all memory. */
  max_reserve_share: Share.default(0.1),
  /** no_oom: pages set aside as huge pages, of all memory. */
  max_hugepage_share: Share.default(0.5),
  /** no_oom: one pool or table of the network stack when full, of all memory. */
  max_pool_share: Share.default(0.4),
  /** no_oom: the buffer of one socket, of all memory. */
  max_socket_share: Share.default(1 / 16),
  /** no_oom: with less than this available, of all memory, swapping must stay possible. */
  min_available_share: Share.default(0.1),
  /** no_starvation: the shortest slice of the scheduler. Below it, switching eats the CPU. */
  min_slice_us: z.number().positive().default(500),
  /** no_starvation: how long a runnable task may wait while all others have their slice. */
  max_wait_ms: z.number().positive().default(200),
  /** no_starvation: CPU time for real-time tasks. The kernel's default keeps 5% for the others. */
  max_realtime_share: Share.default(0.95),
  /** no_starvation: how long one round of packet processing may hold a CPU. */
  max_softirq_us: z.number().positive().default(20_000),
})
export type Options = ReturnType<typeof Options.parse>
