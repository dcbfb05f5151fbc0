import type { Case } from './index.js'

/** What points to CPUs, NUMA nodes, and limits of the whole system. */
export const CPU_AND_LIMITS: readonly Case[] = [
  {
    name: 'a service that competes with sixteen sessions of CPU hogs',
    seen: { metrics: { 'pressure.cpu_some_pct': 99, 'sched.run_queue_wait_ms_per_s': 15_000, load: 17, 'cpu.idle_pct': 0 }, current: { 'kernel.sched_autogroup_enabled': 0, 'sched.base_slice_ns': 2_800_000 }, absent: { 'kernel.sched_latency_ns': null, 'kernel.sched_min_granularity_ns': null, 'kernel.sched_wakeup_granularity_ns': null, 'sched.latency_ns': null, 'sched.min_granularity_ns': null, 'sched.wakeup_granularity_ns': null } },
    tries: { 'kernel.sched_autogroup_enabled': 1, 'sched.base_slice_ns': 1_000_000 },
  },
  {
    name: 'waits for a CPU that only a tracer has seen',
    seen: { metrics: { 'pressure.cpu_some_pct': 60, 'bpf.runqueue_latency_p95_us': 20_000 }, current: { 'kernel.sched_autogroup_enabled': 0, 'sched.base_slice_ns': 2_800_000 }, absent: { 'kernel.sched_latency_ns': null, 'kernel.sched_min_granularity_ns': null, 'kernel.sched_wakeup_granularity_ns': null, 'sched.latency_ns': null, 'sched.min_granularity_ns': null, 'sched.wakeup_granularity_ns': null } },
    tries: { 'kernel.sched_autogroup_enabled': 1, 'sched.base_slice_ns': 1_000_000 },
  },
  {
    name: 'CPUs that may not run at full clock',
    seen: { metrics: { 'cpu.idle_pct': 20 }, current: { 'intel_pstate.no_turbo': 1, 'cpufreq.governor[policy0]': 'powersave' } },
    tries: { 'intel_pstate.no_turbo': 0 },
  },
  {
    name: 'memory on the wrong NUMA node',
    seen: { metrics: { 'vmstat.numa_other_per_s': 4000, 'vmstat.numa_hit_per_s': 10_000 }, host: { numa_nodes: 2 } },
    tries: { 'kernel.numa_balancing': 1 },
  },
  {
    name: 'open files near the limit',
    seen: { metrics: { 'files.open': 95_000, 'files.limit': 100_000 }, current: { 'fs.file-max': 100_000 } },
    tries: { 'fs.file-max': 400_000 },
  },
  {
    name: 'threads near the limit',
    seen: { metrics: { 'sched.tasks': 30_000 }, current: { 'kernel.pid_max': 32_768, 'kernel.threads-max': 190_000 } },
    tries: { 'kernel.threads-max': 760_000, 'kernel.pid_max': 131_072 },
  },
  {
    name: 'waits for a CPU on a kernel with the knobs of CFS',
    seen: {
      metrics: { 'pressure.cpu_some_pct': 60, load: 9 },
      current: { 'kernel.sched_latency_ns': 24_000_000, 'kernel.sched_min_granularity_ns': 3_000_000, 'kernel.sched_wakeup_granularity_ns': 4_000_000, 'sched.latency_ns': 24_000_000, 'sched.min_granularity_ns': 3_000_000, 'sched.wakeup_granularity_ns': 4_000_000 },
    },
    tries: {
      'kernel.sched_latency_ns': 12_000_000, 'kernel.sched_min_granularity_ns': 2_000_000, 'kernel.sched_wakeup_granularity_ns': 2_000_000,
      'sched.latency_ns': 12_000_000, 'sched.min_granularity_ns': 2_000_000, 'sched.wakeup_granularity_ns': 2_000_000,
    },
  },
  {
    name: 'tasks that wait beside idle CPUs',
    seen: { metrics: { 'sched.run_queue_wait_ms_per_s': 400, 'cpu.idle_pct': 50, 'sched.wait_per_timeslice_us': 900 }, current: { 'sched.migration_cost_ns': 5_000_000 }, absent: { 'kernel.sched_migration_cost_ns': 'sched.migration_cost_ns' } },
    tries: { 'sched.migration_cost_ns': 1_250_000 },
  },
  {
    name: 'NUMA balancing that finds everything in its place',
    seen: { metrics: { 'vmstat.numa_hint_faults_per_s': 20_000, 'vmstat.numa_hint_faults_local_per_s': 19_900 }, current: { 'kernel.numa_balancing': 1 } },
    tries: { 'kernel.numa_balancing': 0 },
  },
]
