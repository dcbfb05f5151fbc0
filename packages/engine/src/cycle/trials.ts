import { setImmediate } from 'node:timers/promises'
import { type Arm, type Cycle, type Knob, SemantosError, type TrialRequest, type TrialResult } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'
import { readKnobs, valuesOf } from './knobs.js'
import type { RunSettings } from './settings.js'

/** Trials kept for monitoring to compare with; the rest is streamed to evaluation and reports. */
const KEPT_TRIALS = 32

/** Simulated trials never wait, so signals and progress get their turn between them. */
const BREATH = 16

/**
 * Runs the trials of one arm on the knobs as read back now. Returns the last few. Before them, what measures this machine is warmed up
 * by a trial that does not count: else a cold cache before the change looks like an effect of it.
 */
export async function runArm(kernel: Kernel, cycle: Cycle, settings: RunSettings, scope: readonly Knob[], arm: Arm): Promise<readonly TrialResult[]> {
  const knobs = valuesOf((await readKnobs(kernel, cycle, scope)).readings)
  const kept: TrialResult[] = []
  if (kernel.plugins.some(({ stage, live }) => stage === 'workload' && live)) await measure(kernel, cycle, { arm: 'probe', index: 0, knobs, renew: [] })
  const offset = arm === 'baseline' ? 0 : settings.trials
  for (let index = 0; index < settings.trials; index++) {
    const result = await measure(kernel, cycle, { arm, index, knobs, renew: [] })
    await kernel.hooks.trial.run({ ...result, arm, index }, cycle)
    kept[index % KEPT_TRIALS] = result
    settings.emit({ type: 'trial', done: offset + index + 1, total: 2 * settings.trials, what: arm })
    if (index % BREATH === BREATH - 1) await setImmediate()
  }
  return kept
}

/** A few trials after a rollout step, for monitoring alone: they are no part of the evaluation. */
export async function probe(kernel: Kernel, cycle: Cycle, scope: readonly Knob[], from: number, count: number): Promise<readonly TrialResult[]> {
  const knobs = valuesOf((await readKnobs(kernel, cycle, scope)).readings)
  const results: TrialResult[] = []
  for (let index = from; index < from + count; index++) results.push(await measure(kernel, cycle, { arm: 'probe', index, knobs, renew: [] }))
  return results
}

async function measure(kernel: Kernel, cycle: Cycle, request: TrialRequest): Promise<TrialResult> {
  const result = await kernel.hooks.measure.run(request, cycle)
  if (result) return result
  throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: 'the workload measured nothing', hook: 'measure' })
}
