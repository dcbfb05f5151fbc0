import { join } from 'node:path'
import { definePlugin, type Plugin, type TuneReport, z } from '@semantos/core'
import { TrialLog, measureAndTry as tune, TUNE_DEFAULTS } from '@semantos/engine'
import { mount, type Mounted } from '@semantos/plugin-kit'
import sandbox from '@semantos/applier-sandbox'
import bounds from '@semantos/guardrails-bounds'
import catalogue from '@semantos/knowledge-catalogue'
import synthetic from '@semantos/telemetry-synthetic'
import workload from '@semantos/workload-synthetic'

const PROPOSED = [
  { knob: 'vm.dirty_background_ratio', value: 5, rationale: 'writers are throttled while little memory is dirty.', uncertainty: 0.2 },
  { knob: 'net.core.somaxconn', value: 8192, rationale: 'connections are refused while the queue is full', uncertainty: 0.25 },
  { knob: 'vm.swappiness', value: 10, rationale: 'programs wait for pages that were swapped out', uncertainty: 0.3 },
  { knob: 'net.core.netdev_max_backlog', value: 4096, rationale: 'the device queue drops packets', uncertainty: 0.3 },
  { knob: 'kernel.sched_min_granularity_ns', value: 1_500_000, rationale: 'tasks wait for a CPU', uncertainty: 0.3, rules: ['granularity'] },
  { knob: 'kernel.sched_wakeup_granularity_ns', value: 1_500_000, rationale: 'tasks wait for a CPU', uncertainty: 0.3, rules: ['granularity'] },
]

/** Proposes six settings, two of them together, of which some help the synthetic host, and gives one piece of advice. */
const proposer = definePlugin({
  name: 'proposer',
  stage: 'reasoning',
  api: 1,
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.reason.tapPromise('propose', (_plan, { snapshot }) => {
      const load = snapshot.metrics.find(({ name }) => name === 'load')?.value ?? 0
      const cues = [{ metric: 'load', value: load, because: 'above the number of CPUs' }]
      return {
        recommendations: PROPOSED.map((proposed) => ({ ...proposed, cues, expected: { metric: 'p95_ms', change_pct: -5 } })),
        advice: [{ symptom: 'cpu.saturated', text: 'No setting makes up for a CPU that is missing.', cues }],
      }
    })
  },
})

/** Two metrics of each trial: one that follows the trials, one that never changes. */
const counting = definePlugin({
  name: 'counting',
  stage: 'telemetry',
  api: 1,
  options: z.strictObject({}),
  setup({ hooks }) {
    let trials = 0
    hooks.watch.tapPromise('count', (view) =>
      view.atEnd(() => [
        { name: 'pressure.io_full_pct', value: trials++, unit: 'percent' },
        { name: 'memory.available_bytes', value: 4e9, unit: 'bytes' },
      ]),
    )
  },
})

export interface Tuned {
  readonly kit: Mounted
  readonly report: TuneReport
}

/** The real tuner on a synthetic host with steady traffic, with some more plugins. */
export async function tuned(more: readonly Plugin[] = [], { seed = 1, trials = 64, apply = true } = {}): Promise<Tuned> {
  const kit = await mount([synthetic(), counting(), catalogue(), proposer(), bounds(), sandbox(), workload({ requests: 2000, traffic_variation_pct: 1 }), ...more], { seed, timeLimitMs: 30_000 })
  const log = new TrialLog(join(kit.paths.base, 'trials.jsonl'))
  const { report } = await tune(kit.kernel, {
    ...TUNE_DEFAULTS, run: '20260101T000000Z-73475c', seed, slo: { p95_ms: 120 }, knobs: ['vm.*', 'net.core.*', 'kernel.sched_*'], budget: { trials, ms: Number.POSITIVE_INFINITY }, settleMs: 0, apply,
  }, log)
  log.close()
  return { kit, report }
}
