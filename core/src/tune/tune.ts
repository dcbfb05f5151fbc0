import { coreVersion } from '../cycle/core-version.js'
import { readKnobs } from '../cycle/knobs.js'
import { pluginVersion } from '../cycle/plugin-version.js'
import type { Cycle, Situation } from '../kernel/contexts.js'
import { isSemantosError } from '../kernel/errors.js'
import type { Kernel } from '../kernel/kernel.js'
import type { KnobRef } from '../model/knob.js'
import type { Plan } from '../model/plan.js'
import type { Comparison, Noise, Setting, Skipped, TuneReport } from '../model/tune.js'
import { sameValue } from '../model/value.js'
import { type Asked, asked } from './asked.js'
import { type Arm, BASELINE, Bench } from './bench.js'
import { candidatesOf } from './candidate.js'
import { climb, prune } from './climb.js'
import { effectsOf } from './compare.js'
import { deviations } from './deviations.js'
import { blocksOf, confirm } from './confirm.js'
import { healCheck, lostTo } from './heal.js'
import { noiseOf, tooNoisy } from './noise.js'
import { refuseSandbox } from './refuse-sandbox.js'
import { LEAST_FOR_COMPARISON, type Screened, ruledOut, screen, withSettings } from './screen.js'
import type { TuneSettings } from './settings.js'
import { situationOf } from './situation.js'
import { together } from './together.js'
import type { TrialLog } from './trial-log.js'

const NONE_ASKED: Asked = { recommendations: [], candidates: [], tooMany: 0 }

/** Candidates that may be compared. */
const MOST_COMPARISONS = 3

/** A tune that has ended. Nothing stands any more until it is kept. */
export interface Tuned {
  readonly report: TuneReport
  /** Makes what was found to help stand again. */
  keep(this: void): Promise<void>
}

/** Measures, proposes, tries, keeps what is proven to help, and takes back the rest. */
export async function tune(kernel: Kernel, settings: TuneSettings, log: TrialLog): Promise<Tuned> {
  const cycle: Cycle = { ...kernel.context(), run: settings.run, seed: settings.seed, slo: settings.slo, catalogue: kernel.catalogue }
  await kernel.hooks.start.run({ planning: !settings.apply }, cycle)
  const scope = kernel.catalogue.matching(settings.knobs)
  const state = await readKnobs(kernel, cycle, scope)
  refuseSandbox(kernel.plugins, state, settings.config)
  const bench = new Bench(kernel, cycle, settings, scope, state, log)
  const tuning = new Tuning(bench)
  const started = kernel.now()
  const usage = process.cpuUsage()
  const from = performance.now()
  try {
    await tuning.run()
  } catch (error) {
    kernel.clearAbort()
    await bench.backToBaseline()
    if (bench.foreign.length > 0) tuning.lostBaseline()
    else if (isSemantosError(error) && error.code === 'SEMANTOS_E_ABORTED') tuning.outcome = 'interrupted'
    else throw error
  }
  const { user, system } = process.cpuUsage(usage)
  const ran = Math.max(1, bench.trials.length - log.recorded)
  const report = tuning.report(started, {
    trial_cpu_pct: (100 * bench.spent.trialCpuMs) / Math.max(1, bench.spent.trialsMs),
    cpu_pct: (user + system) / 10 / (performance.now() - from),
    memory_mb: process.memoryUsage.rss() / 1e6,
    bookkeeping_ms_per_trial: bench.spent.bookkeepingMs / ran,
    changing_ms_per_trial: bench.spent.changingMs / ran,
  })
  return { report, keep: () => bench.stand(tuning.incumbent) }
}

/** One tune: the phases in order, and what is known so far, so that an interrupted one can be reported. */
class Tuning {
  outcome: TuneReport['outcome'] = 'measured only'
  incumbent: Arm = BASELINE
  #noise: ReturnType<typeof noiseOf> | null = null
  #situation: Situation | null = null
  #plan: Plan = { recommendations: [], advice: [] }
  #final: TuneReport['final'] = null
  #heal: TuneReport['heal'] = null
  readonly #comparisons: Comparison[] = []
  readonly #skipped: Skipped[] = []
  readonly #needless = new Set<KnobRef>()

  constructor(readonly bench: Bench) {}

  async run(): Promise<void> {
    const { bench } = this
    const { settings, cycle, kernel } = bench
    this.#noise = await this.#measureNoise()
    this.#situation = await situationOf(kernel, cycle, bench.state, bench.trials)
    const plan = await kernel.hooks.reason.run(this.#plan, this.#situation)
    const { snapshot, evidence } = this.#situation
    const pointedTo = [...plan.recommendations, ...deviations(bench.scope, bench.state.readings, snapshot, new Set(plan.recommendations.map(({ knob }) => knob)))]
    const named = settings.asked ? asked(bench.scope, bench.state.readings, snapshot, new Set(pointedTo.map(({ knob }) => knob))) : NONE_ASKED
    if (named.tooMany > 0) cycle.log(`${named.tooMany} knobs are named, too many to try those that no symptom points to; name a few to have each tried`)
    this.#plan = { ...plan, recommendations: [...pointedTo, ...named.recommendations] }
    const candidates = [...candidatesOf({ ...plan, recommendations: pointedTo }, evidence, bench.baseline), ...named.candidates]
    if (!settings.apply) return void this.#skipped.push(...candidates.map(({ id, settings: wanted }) => ({ candidate: id, settings: wanted, reason: 'would be tried with --apply' })))
    if (tooNoisy(this.#noise)) return void (this.outcome = 'too noisy')
    if (candidates.length > 0 && bench.left <= LEAST_FOR_COMPARISON) {
      cycle.log(`of the budget ${bench.left} trials are left; to compare a candidate takes ${LEAST_FOR_COMPARISON}, and one to look at it: give more with --budget`)
    }
    const { ranked, skipped } = await screen(bench, this.#situation, BASELINE, candidates, this.#noise.sd_log, cycle.random('screen'))
    this.#skipped.push(...skipped)
    await this.#considerAll(ranked, this.#noise)
    await this.#finish()
  }

  /** Pairs of the same setting: few where trials are scarce, and more before a machine is called too noisy for one bad moment. */
  async #measureNoise(): Promise<ReturnType<typeof noiseOf>> {
    const two = await this.#identicalPairs(2)
    const noise = this.bench.scarce ? two : await this.#identicalPairs(this.bench.settings.budget.ms < 600_000 ? 1 : 2)
    return tooNoisy(noise) && this.bench.left >= 4 ? this.#identicalPairs(2) : noise
  }

  async #identicalPairs(pairs: number): Promise<ReturnType<typeof noiseOf>> {
    for (let trial = 0; trial < 2 * pairs; trial++) await this.bench.trial('noise', BASELINE)
    return noiseOf(this.bench.trials.map(({ result }) => result), this.bench.settings.goal, this.bench.settings.minEffectPct)
  }

  /** Best first, and once several as one. */
  async #considerAll(ranked: readonly Screened[], { sd_log: sdLog, floor_ratio: floorRatio }: Noise): Promise<void> {
    const promising = ranked.filter(({ loss }) => loss <= sdLog).length
    const affordable = Math.max(1, Math.floor(this.bench.left / LEAST_FOR_COMPARISON))
    const comparisons = Math.min(MOST_COMPARISONS, promising < 2 ? promising : promising + 1, affordable)
    const rest = [...ranked]
    let bundled = false
    while (rest.length > 0) {
      const bundle: Screened | null = bundled ? null : together(rest, { sdLog, floorLog: Math.log(floorRatio), affordable }, this.bench.cycle.catalogue)
      bundled ||= bundle !== null
      const next = bundle ?? rest.shift()
      if (next) await this.#consider(next, comparisons)
    }
  }

  /** Climbs from a candidate's value to a better one, leaves out what that does not need, then compares it with what stands. At most `comparisons` are made. */
  async #consider({ candidate, loss }: Screened, comparisons: number): Promise<void> {
    const skip = (reason: string) => void this.#skipped.push({ candidate: candidate.id, settings: candidate.settings, reason })
    if (!this.#noise || !this.#situation) return
    if (candidate.settings.every(({ knob }) => this.#needless.has(knob))) return
    if (candidate.settings.every(({ knob }) => this.incumbent.settings.some((kept) => kept.knob === knob))) return void skip(isWithin(candidate.settings, this.incumbent.settings) ? 'kept together with others' : 'another value of it was kept')
    if (loss > this.#noise.sd_log) return void skip('one trial showed no promise')
    if (this.#comparisons.length >= comparisons) return void skip(`${comparisons} better-ranked ${comparisons === 1 ? 'candidate was' : 'candidates were'} compared before it`)
    if (this.bench.left < LEAST_FOR_COMPARISON) return void skip('the budget ended')
    const refused = await ruledOut(this.bench, this.#situation, this.incumbent, candidate)
    if (refused !== null) return void skip(refused)

    const floorLog = Math.log(this.#noise.floor_ratio)
    const ground = { bench: this.bench, situation: this.#situation, incumbent: this.incumbent, sdLog: this.#noise.sd_log }
    const climbed = loss < -Math.max(floorLog, this.#noise.sd_log) ? await climb(ground, { candidate, loss }) : candidate
    const { candidate: best, needless, unchecked } = await prune(ground, climbed)
    for (const { id, settings } of needless) this.#leaveOut(id, settings)
    const rules = { goal: this.bench.settings.goal, noise: this.#noise.differences, floorLog, alpha: this.#alpha(comparisons) }
    const comparison = await confirm(this.bench, this.incumbent, best, rules, this.bench.cycle.random(`confirm/${best.id}`))
    if (typeof comparison === 'string') return void skip(comparison)
    this.#comparisons.push(unchecked === 0 ? comparison : { ...comparison, words: `${comparison.words}; ${best.settings.length} knobs judged in sum, ${unchecked} of them never left out for a trial` })
    if (!comparison.kept) return
    this.incumbent = withSettings(this.incumbent, best)
    const { ratio, interval } = comparison.effects[this.bench.settings.goal]
    this.bench.best = `${this.incumbent.id}: ${this.bench.settings.goal} x${ratio.toPrecision(3)} [${interval.map((end) => end.toPrecision(3)).join(', ')}]`
  }

  /** A knob of a bundle without which a trial was no worse. */
  #leaveOut(candidate: string, settings: Skipped['settings']): void {
    this.#skipped.push({ candidate, settings, reason: 'the knobs it was tried with are no worse without it' })
    for (const { knob } of settings) this.#needless.add(knob)
  }

  /** Holm over the comparisons, as they come: each that found a difference leaves its share of the false-alarm budget to the later ones. */
  #alpha(comparisons: number): number {
    const found = this.#comparisons.filter(({ verdict }) => verdict === 'better' || verdict === 'worse').length
    return this.bench.settings.alpha / (comparisons - found)
  }

  /** The kept settings in one against the baseline, then the proof that the baseline is back. */
  async #finish(): Promise<void> {
    const { bench } = this
    const kept = this.#comparisons.filter((comparison) => comparison.kept)
    const only = kept.length === 1 ? kept[0] : undefined
    if (only) this.#final = only.effects
    else if (kept.length > 1 && bench.left >= LEAST_FOR_COMPARISON) {
      for (let block = 0; block < 3; block++) {
        await bench.trial('confirm', BASELINE)
        await bench.trial('confirm', this.incumbent)
      }
      const last = bench.trials.slice(-6)
      this.#final = effectsOf(blocksOf(last.filter(({ arm }) => arm === BASELINE.id), last.filter(({ arm }) => arm !== BASELINE.id)), bench.cycle.random('final'))
    }
    this.#heal = await healCheck(bench, this.#noise)
    this.outcome = !this.#heal.values_restored ? 'not healed' : kept.length > 0 ? 'kept' : 'nothing kept'
  }

  /** Somebody else has changed what was on trial: theirs stays, and nothing can be compared any more. */
  lostBaseline(): void {
    this.outcome = 'not healed'
    this.#heal = lostTo(this.bench.foreign)
  }

  report(started: Date, cost: TuneReport['cost']): TuneReport {
    const { bench } = this
    const knobs = new Set([...this.incumbent.settings, ...this.#comparisons.flatMap(({ settings }) => settings), ...this.#skipped.flatMap(({ settings }) => settings)].map(({ knob }) => knob))
    return {
      kind: 'semantos-tune',
      schema_version: 1,
      run: bench.settings.run,
      started: started.toISOString(),
      ended: bench.kernel.now().toISOString(),
      command: bench.settings.command,
      folder: bench.settings.folder,
      journal: bench.settings.journal,
      software: { semantos: coreVersion(), node: process.version, plugins: bench.kernel.plugins.map((plugin) => ({ id: plugin.id, version: pluginVersion(plugin) })) },
      seed: bench.settings.seed,
      goal: bench.settings.goal,
      slo: bench.settings.slo,
      workload: bench.cycle.workload ?? 'none',
      outcome: this.outcome,
      snapshot: this.#situation?.snapshot ?? { time: started.toISOString(), host: null, metrics: [], missing: [] },
      plan: this.#plan,
      noise: this.#noise === null ? null : withoutDifferences(this.#noise),
      comparisons: this.#comparisons,
      skipped: this.#skipped,
      kept: this.outcome === 'kept' ? this.incumbent.settings : [],
      baseline: [...bench.baseline].flatMap(([knob, value]) => (knobs.has(knob) ? [{ knob, value }] : [])),
      final: this.#final,
      heal: this.#heal,
      trials: bench.trials,
      cost,
    }
  }
}

function isWithin(settings: readonly Setting[], kept: readonly Setting[]): boolean {
  return settings.every(({ knob, value }) => kept.some((setting) => setting.knob === knob && sameValue(setting.value, value)))
}

function withoutDifferences({ pairs, sd_log, floor_ratio, blocks_needed }: ReturnType<typeof noiseOf>): Noise {
  return { pairs, sd_log, floor_ratio, blocks_needed }
}
