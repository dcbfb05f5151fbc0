import { setTimeout as sleep, setImmediate } from 'node:timers/promises'
import { AppliedChanges } from '../cycle/applied-changes.js'
import { judgePlan } from '../cycle/judge-plan.js'
import { type KnobState, readKnobs, resultingValues, valuesOf } from '../cycle/knobs.js'
import { type Knob, SemantosError, type Setting, type Situation, type TakesEffect, type TrialResult, type Violation } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'

/** Applies settings, measures, and takes them back. */
export class SweepBench {
  readonly #changes: AppliedChanges
  trials = 0

  constructor(
    readonly kernel: Kernel,
    readonly situation: Situation,
    readonly state: KnobState,
    readonly scope: readonly Knob[],
    readonly settleMs: number,
    readonly renew: readonly TakesEffect[],
  ) {
    this.#changes = new AppliedChanges(kernel, situation, state.claims)
  }

  /** What the guards have against these settings, on top of what stands. */
  async violations(settings: readonly Setting[]): Promise<readonly Violation[]> {
    const recommendations = settings.map(({ knob, value }) => ({
      knob, value, rationale: 'tried by the sweep', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0,
      rules: [], edges: [], traces: [], documents: [], proposed_by: 'semantos', changed_by: [],
    }))
    const plan = { recommendations, advice: [] }
    return (await judgePlan(this.kernel, { ...this.situation, plan, resulting: resultingValues(this.state, plan) }, this.scope)).violations
  }

  /**
   * One trial with these settings. Every arm of a round has the same index, and so the same random stream: what a simulated round has
   * in common is the same for all of them.
   */
  async trial(settings: readonly Setting[], index: number): Promise<TrialResult> {
    const changes = settings.flatMap(({ knob, value }) => {
      const reading = this.state.readings.get(knob)
      return reading?.status === 'present' ? [{ knob, from: reading.value, to: value }] : []
    })
    if (changes.length > 0) await this.#changes.apply(++this.trials, changes)
    else this.trials++
    if (this.settleMs > 0) await sleep(this.settleMs)
    else await setImmediate()
    const knobs = valuesOf((await readKnobs(this.kernel, this.situation, this.scope)).readings)
    const result = await this.kernel.hooks.measure.run({ arm: 'probe', index, renew: this.renew, knobs }, this.situation)
    await this.restore()
    if (result) return result
    throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: 'the workload measured nothing', hook: 'measure' })
  }

  async restore(): Promise<void> {
    await this.#changes.undoAll()
  }
}
