import type { Edge } from '@semantos/core'
import type { ModelKnob } from './knobs.js'

/**
 * Two knobs whose effects do not add up. The scale is milliseconds of p95, in percentage points of the default's p95:
 *
 *   interaction = 100 * (p95(a, b) - p95(a) - p95(b) + p95()) / p95()
 *
 * where p95(a) is the p95 with knob a at its value in `at` and all others at their defaults. Below 0, together they are
 * faster than the sum of both: `synergizes_with`; above 0 slower: `conflicts_with`. Another pair of values may show another
 * strength. Pairs that are not listed have an interaction of zero: they sit in different mechanisms, and delays add.
 */
export interface Interaction {
  readonly knobs: readonly [ModelKnob, ModelKnob]
  readonly kind: Extract<Edge['kind'], 'synergizes_with' | 'conflicts_with'>
  readonly at: readonly [number, number]
  readonly because: string
}

export const INTERACTIONS: readonly Interaction[] = [
  {
    knobs: ['kernel.sched_min_granularity_ns', 'kernel.sched_wakeup_granularity_ns'],
    kind: 'synergizes_with',
    at: [1_000_000, 1_000_000],
    because: 'a woken task takes the CPU only when the running one has passed both, so the larger hides the smaller',
  },
  {
    knobs: ['kernel.sched_latency_ns', 'kernel.sched_min_granularity_ns'],
    kind: 'synergizes_with',
    at: [12_000_000, 1_500_000],
    because: 'the minimum granularity is the floor under the slice that the latency is divided into',
  },
  {
    knobs: ['kernel.sched_latency_ns', 'kernel.sched_wakeup_granularity_ns'],
    kind: 'conflicts_with',
    at: [12_000_000, 1_000_000],
    because: 'the end of the slice and wake-up preemption end the same wait: what one has taken away the other cannot',
  },
  {
    knobs: ['vm.dirty_background_ratio', 'vm.dirty_ratio'],
    kind: 'conflicts_with',
    at: [5, 30],
    because: 'the gap between them is the headroom of a burst: what one has made wide enough the other cannot improve',
  },
]
