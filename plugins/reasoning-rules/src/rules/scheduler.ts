import { above, all, any, atMost } from '../detect.js'
import { atLeast, divided, word } from '../propose.js'
import type { Scene } from '../scene.js'
import { type Symptom, lower, set } from '../symptom.js'

const cpus = (scene: Scene) => scene.host?.cpus ?? 1

const shorterSlice = { why: 'A task that becomes runnable waits for the slices of those before it; shorter ones let a short request through sooner.', uncertainty: 0.4, checkAfter: 'context switches, and throughput of batch work' }

/** The three knobs of CFS, under the names they had before and after 5.13. */
function cfsKnobs(prefix: 'kernel.sched_' | 'sched.') {
  return ['latency_ns', 'min_granularity_ns', 'wakeup_granularity_ns'].map((name) => lower(`${prefix}${name}`, divided(2)))
}

export const scheduler: readonly Symptom[] = [
  {
    id: 'cpu.run-queue-delay',
    set: 'evidence',
    says: 'Runnable tasks wait long for a CPU',
    when: all(
      above('pressure.cpu_some_pct', 20, 'percent of the time some task waits for a CPU'),
      any(
        above('sched.run_queue_wait_ms_per_s', (scene) => 100 * cpus(scene), 'milliseconds waited a second, 100 for each CPU'),
        above('load', (scene) => 1.5 * cpus(scene), 'tasks, more than one and a half for each CPU'),
        above('bpf.runqueue_latency_p95_us', 8000, 'microseconds that one wait in twenty is longer than'),
      ),
    ),
    remedies: [
      {
        id: 'group-by-session',
        changes: [set('kernel.sched_autogroup_enabled', atLeast(1))],
        why: 'CPU time is then shared between sessions first, so that a service does not compete with every thread of a batch job, but with the job as a whole.',
        expected: { metric: 'p95_ms', change_pct: -70 },
        uncertainty: 0.2,
        checkAfter: 'run-queue wait of the service; sessions begun before the change are not grouped, and cgroups with a CPU controller ignore it',
      },
      { id: 'shorter-slice', changes: [lower('sched.base_slice_ns', divided(2))], expected: { metric: 'p95_ms', change_pct: -15 }, ...shorterSlice },
      { id: 'shorter-round', changes: cfsKnobs('kernel.sched_'), expected: { metric: 'p95_ms', change_pct: -15 }, ...shorterSlice },
      { id: 'shorter-round-debugfs', changes: cfsKnobs('sched.'), expected: { metric: 'p95_ms', change_pct: -15 }, ...shorterSlice },
    ],
    advice: 'Give the service a larger cpu.weight, or the batch work a smaller one, or CPUs of its own. nice counts inside a session only, while kernel.sched_autogroup_enabled is 1.',
  },
  {
    id: 'cpu.wait-beside-idle',
    set: 'evidence',
    says: 'Runnable tasks wait while CPUs are idle',
    when: all(
      above('sched.run_queue_wait_ms_per_s', 200, 'milliseconds waited a second'),
      above('cpu.idle_pct', 20, 'percent of CPU time idle'),
      above('sched.wait_per_timeslice_us', 200, 'microseconds a turn, more than a wake-up explains'),
    ),
    remedies: [
      {
        id: 'move-sooner',
        changes: [lower('kernel.sched_migration_cost_ns', divided(4)), lower('sched.migration_cost_ns', divided(4))],
        why: 'A task that ran less than this long ago counts as warm in its cache and is not moved to an idle CPU.',
        expected: { metric: 'sched.run_queue_wait_ms_per_s', change_pct: -30 },
        uncertainty: 0.45,
        checkAfter: 'migrations and cache misses',
      },
    ],
    advice: 'Look for tasks bound to a few CPUs, and for CPU limits of cgroups.',
  },
  {
    id: 'cpu.slow-clock',
    set: 'evidence',
    says: 'CPUs are busy and may not run at full clock',
    when: any(atMost('cpu.idle_pct', 70, 'percent of CPU time idle'), above('pressure.cpu_some_pct', 10, 'percent of the time some task waits for a CPU')),
    remedies: [
      {
        id: 'performance',
        changes: [
          set('cpufreq.governor', word('performance', ['powersave', 'conservative', 'ondemand', 'schedutil'])),
          set('cpufreq.energy_performance_preference', word('performance', ['power', 'balance_power', 'balance_performance', 'default'])),
        ],
        why: 'The clock then does not have to rise first when work comes.',
        expected: { metric: 'p95_ms', change_pct: -10 },
        uncertainty: 0.3,
        checkAfter: 'power and temperature',
      },
      {
        id: 'turbo',
        changes: [set('intel_pstate.no_turbo', (current) => (current === 1 ? 0 : null)), set('cpufreq.boost', atLeast(1))],
        why: 'A few busy CPUs may then run above the nominal clock.',
        expected: { metric: 'p95_ms', change_pct: -10 },
        uncertainty: 0.3,
        checkAfter: 'power and temperature',
      },
    ],
    advice: null,
  },
  {
    id: 'cpu.stolen',
    set: 'evidence',
    says: 'The hypervisor gives CPU time to other guests',
    when: above('cpu.steal_pct', 5, 'percent of CPU time'),
    remedies: [],
    advice: 'Ask for dedicated CPUs, or move the guest; no setting in here helps.',
  },
  {
    id: 'cpu.softirq',
    set: 'evidence',
    says: 'Much CPU time goes into soft interrupts',
    when: above('cpu.softirq_pct', 20, 'percent of CPU time'),
    remedies: [],
    advice: 'Spread packets over CPUs (receive queues, RPS), let the device merge packets (GRO) and interrupts (ethtool -C).',
  },
]
