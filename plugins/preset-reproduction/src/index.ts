import type { Preset } from '@semantos/core'
import sandbox from '@semantos/applier-sandbox'
import sysctl from '@semantos/applier-sysctl'
import median from '@semantos/evaluation-median'
import bounds from '@semantos/guardrails-bounds'
import catalogue from '@semantos/knowledge-catalogue'
import json from '@semantos/knowledge-json'
import slo from '@semantos/monitoring-slo'
import rules from '@semantos/reasoning-rules'
import csv from '@semantos/report-csv'
import runJson from '@semantos/report-json'
import staggered from '@semantos/rollout-staggered'
import telemetry from '@semantos/telemetry-synthetic'
import workload from '@semantos/workload-synthetic'

/** The knobs of the paper's reproduction kit, and the one whose synergy the paper reports. */
const KNOBS = [
  'kernel.numa_balancing',
  'kernel.sched_latency_ns',
  'kernel.sched_min_granularity_ns',
  'kernel.sched_wakeup_granularity_ns',
  'net.core.netdev_max_backlog',
  'net.core.somaxconn',
  'vm.dirty_background_ratio',
  'vm.dirty_ratio',
  'vm.swappiness',
]

/** The paper's pipeline on a synthetic host, in a sandbox: the same bytes for the same seed. */
export function reproduction(): Preset {
  return {
    name: 'reproduction',
    seed: 42,
    trials: 16,
    slo: { p95_ms: 120 },
    knobs: KNOBS,
    clock: '2026-01-01T00:00:00Z',
    telemetry: telemetry(),
    knowledge: [catalogue(), json()],
    reasoning: rules({ sets: ['kit'] }),
    guardrails: bounds(),
    rollout: staggered(),
    // The sandbox answers for every knob; `--applier sysctl` chooses the other.
    applier: [sandbox(), sysctl()],
    monitoring: slo(),
    workload: workload(),
    evaluation: median(),
    report: [csv(), runJson()],
  }
}

export default reproduction
