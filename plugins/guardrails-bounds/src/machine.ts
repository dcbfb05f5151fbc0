import type { Snapshot } from '@semantos/core'
import type { Options } from './options.js'

/** What the guardrails need to know about the host. Undefined: nobody measured it. */
export interface Machine {
  readonly memoryBytes: number | undefined
  /** Memory that can be had without swapping. */
  readonly availableBytes: number | undefined
  readonly swapBytes: number
  /** The default size of a huge page. */
  readonly hugePageBytes: number
  readonly cpus: number
  /** Tasks that run or want to run. */
  readonly runnable: number | undefined
  readonly sockets: number | undefined
  readonly committedBytes: number | undefined
}

/** Where something else is unknown, the careful assumption: one CPU, no swap; and the usual size of a huge page. */
export function machineOf({ host, metrics }: Snapshot, options: Options): Machine {
  const metric = (name: string) => metrics.find((candidate) => candidate.name === name)?.value
  return {
    memoryBytes: positive(host?.memory_bytes) ?? positive(metric('memory.total_bytes')) ?? options.assumed_memory_bytes ?? undefined,
    availableBytes: positive(metric('memory.available_bytes')),
    swapBytes: host?.swap_bytes ?? 0,
    hugePageBytes: positive(metric('memory.huge_page_size_bytes')) ?? 2 * 1024 * 1024,
    cpus: host?.cpus ?? 1,
    runnable: metric('load'),
    sockets: metric('sockets.used'),
    committedBytes: metric('memory.committed_bytes'),
  }
}

function positive(amount: number | undefined): number | undefined {
  return amount !== undefined && amount > 0 ? amount : undefined
}

export const MEMORY_UNKNOWN = "the host's memory is unknown"
export const MEMORY_FIX = 'Add a telemetry plugin that describes the host, such as telemetry-procfs, or set the option assumed_memory_bytes.'
