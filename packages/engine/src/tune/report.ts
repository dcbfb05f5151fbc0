import { semantosVersion } from '../cycle/version.js'
import { pluginVersion } from '../cycle/plugin-version.js'
import { type Comparison, type Noise, type Plan, redactWords, type Situation, type Skipped, type TuneReport } from '@semantos/core'
import type { Arm } from './arm.js'
import type { Bench } from './bench.js'
import { measuredWorkload } from './measured-workload.js'

/** What a tune knows so far; an interrupted one is reported from it as well. */
export interface Found {
  readonly outcome: TuneReport['outcome']
  readonly incumbent: Arm
  readonly noise: Noise | null
  readonly situation: Situation | null
  readonly plan: Plan
  readonly comparisons: readonly Comparison[]
  readonly skipped: readonly Skipped[]
  readonly final: TuneReport['final']
  readonly heal: TuneReport['heal']
}

export function reportOf(bench: Bench, found: Found, started: Date, cost: TuneReport['cost']): TuneReport {
  const { outcome, incumbent, noise, situation, plan, comparisons, skipped, final, heal } = found
  const { settings, kernel } = bench
  const knobs = new Set([...incumbent.settings, ...comparisons.flatMap((comparison) => comparison.settings), ...skipped.flatMap((one) => one.settings)].map(({ knob }) => knob))
  return {
    kind: 'semantos-tune',
    schema_version: 1,
    run: settings.run,
    started: started.toISOString(),
    ended: bench.cycle.now().toISOString(),
    command: redactWords(settings.command),
    folder: settings.folder,
    journal: settings.journal,
    software: { semantos: semantosVersion(), node: process.version, plugins: kernel.plugins.map((plugin) => ({ id: plugin.id, version: pluginVersion(plugin) })) },
    seed: settings.seed,
    goal: settings.goal,
    slo: settings.slo,
    workload: measuredWorkload(kernel, settings),
    config: settings.config,
    outcome,
    snapshot: situation?.snapshot ?? { time: started.toISOString(), host: null, metrics: [], missing: [] },
    plan,
    noise,
    comparisons,
    skipped,
    kept: outcome === 'kept' ? incumbent.settings : [],
    baseline: [...bench.baseline].flatMap(([knob, value]) => (knobs.has(knob) ? [{ knob, value }] : [])),
    final,
    heal,
    trials: bench.trials,
    cost,
  }
}
