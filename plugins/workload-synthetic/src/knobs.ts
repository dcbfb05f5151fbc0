import { type KnobName, type KnobRef, type KnobValue, SemantosError } from '@semantos/core'

/**
 * The knobs of the model with the kernel's own defaults, which stand in for a knob that was not read back: Linux 5.10
 * on 8 or more CPUs, where the scheduler's times are scaled by 4 (kernel/sched/fair.c, get_update_sysctl_factor).
 */
export const KNOB_DEFAULTS = {
  'kernel.numa_balancing': 0,
  'kernel.sched_latency_ns': 24_000_000,
  'kernel.sched_min_granularity_ns': 3_000_000,
  'kernel.sched_wakeup_granularity_ns': 4_000_000,
  'net.core.netdev_max_backlog': 1000,
  'net.core.somaxconn': 4096,
  'vm.dirty_background_ratio': 10,
  'vm.dirty_ratio': 20,
  'vm.swappiness': 60,
} as const satisfies Record<KnobName, number>
export type ModelKnob = keyof typeof KNOB_DEFAULTS

/** The knobs as the mechanisms use them. */
export interface Knobs {
  readonly numaBalancing: boolean
  readonly latencyMs: number
  readonly minGranularityMs: number
  readonly wakeupGranularityMs: number
  readonly netdevMaxBacklogPackets: number
  readonly somaxconn: number
  readonly dirtyBackgroundPct: number
  readonly dirtyPct: number
  readonly swappiness: number
}

const NS_PER_MS = 1e6

/** Throws SEMANTOS_E_WORKLOAD where a value is not a number from 0 up. Knobs outside the model are ignored. */
export function readKnobs(applied: ReadonlyMap<KnobRef, KnobValue>): Knobs {
  const value = (knob: ModelKnob): number => numberOf(knob, applied.get(knob) ?? KNOB_DEFAULTS[knob])
  return {
    // Bit 0 moves memory to the node that uses it; the others are for tiers of slower memory.
    numaBalancing: value('kernel.numa_balancing') % 2 === 1,
    latencyMs: value('kernel.sched_latency_ns') / NS_PER_MS,
    minGranularityMs: value('kernel.sched_min_granularity_ns') / NS_PER_MS,
    wakeupGranularityMs: value('kernel.sched_wakeup_granularity_ns') / NS_PER_MS,
    netdevMaxBacklogPackets: value('net.core.netdev_max_backlog'),
    somaxconn: value('net.core.somaxconn'),
    dirtyBackgroundPct: value('vm.dirty_background_ratio'),
    dirtyPct: value('vm.dirty_ratio'),
    swappiness: value('vm.swappiness'),
  }
}

function numberOf(knob: ModelKnob, value: KnobValue): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new SemantosError('SEMANTOS_E_WORKLOAD', {
    message: `the synthetic host takes a number from 0 up for ${knob}, not ${JSON.stringify(value)}`,
    place: knob,
    next: 'Correct what the applier reads back for this knob.',
  })
}
