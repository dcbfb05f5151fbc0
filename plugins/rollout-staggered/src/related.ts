import type { KnobName } from '@semantos/core'

/**
 * Knobs of one mechanism: between the change of one and of the others, the host would be in a state that nobody wants,
 * such as a background limit above the limit, or that shows only half of the effect.
 */
export const RELATED: readonly (readonly KnobName[])[] = [
  ['vm.dirty_ratio', 'vm.dirty_background_ratio', 'vm.dirty_bytes', 'vm.dirty_background_bytes'],
  ['vm.min_free_kbytes', 'vm.watermark_scale_factor'],
  ['kernel.sched_latency_ns', 'kernel.sched_min_granularity_ns', 'kernel.sched_wakeup_granularity_ns'],
  ['sched.latency_ns', 'sched.min_granularity_ns', 'sched.wakeup_granularity_ns'],
  ['kernel.sched_rt_runtime_us', 'kernel.sched_rt_period_us'],
  ['net.core.rmem_default', 'net.core.rmem_max', 'net.ipv4.tcp_rmem'],
  ['net.core.wmem_default', 'net.core.wmem_max', 'net.ipv4.tcp_wmem'],
  ['net.core.netdev_budget', 'net.core.netdev_budget_usecs'],
  ['net.core.busy_poll', 'net.core.busy_read'],
  ['net.ipv4.ipfrag_low_thresh', 'net.ipv4.ipfrag_high_thresh'],
  ['net.ipv4.neigh.default.gc_thresh1', 'net.ipv4.neigh.default.gc_thresh2', 'net.ipv4.neigh.default.gc_thresh3'],
  ['net.ipv6.neigh.default.gc_thresh1', 'net.ipv6.neigh.default.gc_thresh2', 'net.ipv6.neigh.default.gc_thresh3'],
  ['net.netfilter.nf_conntrack_max', 'net.netfilter.nf_conntrack_buckets'],
  ['cpufreq.scaling_min_freq', 'cpufreq.scaling_max_freq'],
]
