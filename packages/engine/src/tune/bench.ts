import { setTimeout as sleep } from 'node:timers/promises'
import { AppliedChanges } from '../cycle/applied-changes.js'
import { type KnobState, readKnobs, valuesOf } from '../cycle/knobs.js'
import { type Change, changedAlong, type Cycle, isSemantosError, type Knob, type KnobRef, type KnobValue, sameValue, SemantosError, type Setting, type TakesEffect, type TuneTrial } from '@semantos/core'
import { type Kernel, WatchDraft } from '@semantos/core/kernel'
import { type Arm, BASELINE } from './arm.js'
import type { TuneSettings } from './settings.js'
import { Beside } from './overhead.js'
import type { TrialLog } from './trial-log.js'

/** With a budget, or trials that fit into the time, below this, trials are scarce: fewer go into what surrounds the search. */
const MANY_TRIALS = 30

const CANDIDATES_FAULT: ReadonlySet<string> = new Set(['SEMANTOS_E_WORKLOAD', 'SEMANTOS_E_APPLY_FAILED'])

/** Runs trials one after the other, on the arm that is asked for, and writes each to disk as it ends. */
export class Bench {
  readonly #changes: AppliedChanges
  readonly #started = performance.now()
  readonly trials: TuneTrial[] = []
  /** Knobs that somebody else changed while they were on trial: what was the baseline is gone. */
  readonly foreign: KnobRef[] = []
  /** Every trial is made anew in the same way, whatever is on trial: the arms differ in their settings alone. */
  readonly #renew: readonly TakesEffect[]
  best: string | null = null
  /** What the tuner itself has taken so far: see `TuneCost`. */
  readonly spent = { bookkeepingMs: 0, changingMs: 0, trialCpuMs: 0, trialsMs: 0, helpersCpuMs: 0, helpersMemoryMb: 0, helpers: new Set<string>() }
  readonly #beside = new Beside()
  #standing = BASELINE

  constructor(
    readonly kernel: Kernel,
    readonly cycle: Cycle,
    readonly settings: TuneSettings,
    readonly scope: readonly Knob[],
    readonly state: KnobState,
    readonly log: TrialLog,
  ) {
    this.#renew = [...new Set(scope.map((knob) => knob.takes_effect))]
    this.#changes = new AppliedChanges(kernel, cycle, state.claims)
  }

  /** The knobs as they stood when the tune began. */
  get baseline(): ReadonlyMap<KnobRef, KnobValue> {
    return valuesOf(this.state.readings)
  }

  /** Trials that may still be spent; those of the heal check are set aside. */
  get left(): number {
    return this.elapsedMs >= this.settings.budget.ms ? 0 : Math.min(this.settings.budget.trials - this.trials.length, this.#fitting) - this.healTrials
  }

  /** Trials that fit into what is left of the time, if they take what they took. Told from the trials alone: a resumed tune has to come to the same. */
  get #fitting(): number {
    const { budget, settleMs } = this.settings
    const spentMs = this.trials.reduce((sum, { duration_ms: durationMs }) => sum + durationMs + settleMs, 0)
    return spentMs === 0 ? Number.POSITIVE_INFINITY : Math.floor((budget.ms - spentMs) / (spentMs / this.trials.length))
  }

  /** So few trials that one pair more of the same setting would be missed elsewhere. */
  get scarce(): boolean {
    return Math.min(this.settings.budget.trials, this.trials.length + this.#fitting) < MANY_TRIALS
  }

  /** Baseline trials after the last rollback. */
  get healTrials(): number {
    return this.scarce ? 1 : 2
  }

  /** Milliseconds since the tune began. */
  get elapsedMs(): number {
    return performance.now() - this.#started
  }

  /** One trial on this arm, written to disk. Where the log of a resumed tune has it, it is not run again. */
  async trial(phase: TuneTrial['phase'], arm: Arm): Promise<TuneTrial> {
    const number = this.trials.length + 1
    const trial = this.log.replay(number, arm.id) ?? (await this.#run(number, phase, arm))
    this.trials.push(trial)
    this.settings.onTrial(trial)
    return trial
  }

  /**
   * A trial of a candidate, or why there is none: the kernel refuses its values, or the workload fails with them. That speaks
   * against the candidate, not against the tune. What fails on the baseline as well is thrown.
   */
  async attempt(phase: TuneTrial['phase'], arm: Arm): Promise<TuneTrial | string> {
    try {
      return await this.trial(phase, arm)
    } catch (error) {
      if (arm.id === BASELINE.id || !isSemantosError(error) || !CANDIDATES_FAULT.has(error.code)) throw error
      await this.backToBaseline()
      return `${error.code === 'SEMANTOS_E_WORKLOAD' ? 'the workload fails with it' : 'it could not be applied'}: ${error.message}`
    }
  }

  /** Makes an arm stand: takes back what stands, then applies its settings. */
  async stand(arm: Arm): Promise<void> {
    if (this.#standing.id === arm.id) return
    await this.backToBaseline()
    if (this.foreign.length > 0) throw new SemantosError('SEMANTOS_E_UNDO_FAILED', { message: `somebody else has changed ${this.foreign.join(', ')} while it was on trial` })
    await this.#changes.apply(this.trials.length + 1, arm.settings.flatMap((setting) => this.#changeOf(setting)))
    this.#standing = arm
  }

  /** Takes back whatever stands, but what somebody else has changed meanwhile: that stays theirs. */
  async backToBaseline(): Promise<void> {
    this.#standing = BASELINE
    const undone = await this.#changes.undoAll()
    this.foreign.push(...undone.flatMap(({ knob, outcome }) => (outcome === 'modified externally' ? [knob] : [])))
  }

  /** At most: of the time that was given, and of that which the trials still to come will take if they go on as they did. */
  get #leftMs(): number | null {
    const { trials, ms } = this.settings.budget
    const ran = this.trials.length - Math.min(this.log.recorded, this.trials.length)
    const expectedMs = ran === 0 ? Number.POSITIVE_INFINITY : (this.elapsedMs / ran) * (trials - this.trials.length)
    const leftMs = Math.min(Math.max(0, ms - this.elapsedMs), expectedMs)
    return Number.isFinite(leftMs) ? leftMs : null
  }

  async #run(number: number, phase: TuneTrial['phase'], arm: Arm): Promise<TuneTrial> {
    this.settings.onStart({ phase, number, arm: arm.id, budget: this.settings.budget, leftMs: this.#leftMs, best: this.best })
    const before = performance.now()
    const moved = this.#standing.id !== arm.id
    await this.stand(arm)
    this.spent.changingMs += performance.now() - before
    if (moved && this.settings.settleMs > 0) await sleep(this.settings.settleMs)

    const usage = process.cpuUsage()
    const began = performance.now()
    const knobs = await this.#values(arm)
    this.#beside.begin()
    const watch = await this.kernel.hooks.watch.run(new WatchDraft(), this.cycle)
    this.#beside.begun()
    const started = this.cycle.now()
    const from = performance.now()
    const result = await this.kernel.hooks.measure.run({ arm: arm.id === BASELINE.id ? 'baseline' : 'tuned', index: number, renew: this.#renew, knobs }, this.cycle)
    const to = performance.now()
    const helpers = this.#beside.used()
    if (!result) throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: 'the workload measured nothing', hook: 'measure' })
    const trial: TuneTrial = {
      number,
      phase,
      arm: arm.id,
      started: started.toISOString(),
      duration_ms: to - from,
      result,
      metrics: Object.fromEntries((await watch.end()).map(({ name, value }) => [name, value])),
    }
    this.log.append(trial)
    const { user, system } = process.cpuUsage(usage)
    const tookMs = performance.now() - began
    this.spent.trialCpuMs += (user + system) / 1000
    this.spent.trialsMs += tookMs
    this.spent.helpersCpuMs += helpers.cpuMs
    for (const name of helpers.names) this.spent.helpers.add(name)
    this.spent.helpersMemoryMb = Math.max(this.spent.helpersMemoryMb, helpers.memoryMb)
    this.spent.bookkeepingMs += tookMs - (to - from)
    return trial
  }

  /** The baseline, with what this arm's writes made of it. Reading the whole scope before each trial would cost more than the rest. */
  async #values(arm: Arm): Promise<ReadonlyMap<KnobRef, KnobValue>> {
    const written = arm.settings.flatMap(({ knob }) => this.cycle.catalogue.get(knob) ?? [])
    const moved = new Set(written.flatMap((knob) => [knob.name, ...changedAlong(knob)]))
    const { readings } = await readKnobs(this.kernel, this.cycle, this.scope.filter(({ name }) => moved.has(name)))
    return new Map([...this.baseline, ...valuesOf(readings)])
  }

  #changeOf({ knob, value }: Setting): Change[] {
    const reading = this.state.readings.get(knob)
    if (reading?.status !== 'present' || sameValue(reading.value, value)) return []
    return [{ knob, from: reading.value, to: value }]
  }
}
