import { type Comparison, type KnobRef, type Noise, type Plan, sameValue, type Setting, type Situation, type Skipped, type TuneReport } from '@semantos/core'
import { type Arm, BASELINE, withSettings } from './arm.js'
import { type Asked, asked } from './explicit-knobs.js'
import type { Bench } from './bench.js'
import { type Candidate, candidatesOf } from './candidate.js'
import { climb, prune } from './climb.js'
import { confirm } from './confirm.js'
import { deviations } from './deviations.js'
import { finalEffects } from './final.js'
import { healCheck, lostTo } from './restore-check.js'
import { MOST_COMPARISONS, shareOf } from './holm.js'
import { LEAST_FOR_COMPARISON } from './looks.js'
import { differencesOf, identicalOf, noiseOf, tooNoisy } from './noise.js'
import type { Found } from './report.js'
import { ruledOut } from './ruled-out.js'
import { type Screened, screen } from './screen.js'
import { situationOf } from './situation.js'
import { together } from './bundle.js'

const NONE_ASKED: Asked = { recommendations: [], candidates: [], tooMany: 0 }

/** One tune: the phases in order, and what is known so far. */
export class Tuning implements Found {
  outcome: TuneReport['outcome'] = 'measured only'
  incumbent: Arm = BASELINE
  noise: Noise | null = null
  situation: Situation | null = null
  plan: Plan = { recommendations: [], advice: [] }
  final: TuneReport['final'] = null
  heal: TuneReport['heal'] = null
  readonly comparisons: Comparison[] = []
  readonly skipped: Skipped[] = []
  readonly #needless = new Set<KnobRef>()

  constructor(readonly bench: Bench) {}

  async run(): Promise<void> {
    const { bench } = this
    const noise = await this.#measureNoise()
    this.noise = noise
    const situation = await situationOf(bench.kernel, bench.cycle, bench.state, bench.trials)
    this.situation = situation
    const candidates = await this.#propose(situation)
    if (!bench.settings.apply) return void this.skipped.push(...candidates.map(({ id, settings }) => ({ candidate: id, settings, reason: 'would be tried with --apply' })))
    if (tooNoisy(noise)) return void (this.outcome = 'too noisy')
    if (candidates.length > 0 && bench.left <= LEAST_FOR_COMPARISON) {
      bench.cycle.log(`of the budget ${bench.left} trials are left; to compare a candidate takes ${LEAST_FOR_COMPARISON}, and one to look at it: give more with --budget`)
    }
    const { ranked, skipped } = await screen(bench, situation, BASELINE, candidates, noise.sd_log, bench.cycle.random('screen'))
    this.skipped.push(...skipped)
    await this.#considerAll(ranked, noise, situation)
    this.final = await finalEffects(bench, this.incumbent, this.comparisons)
    this.heal = await healCheck(bench, noise)
    this.outcome = !this.heal.values_restored ? 'not healed' : this.comparisons.some(({ kept }) => kept) ? 'kept' : 'nothing kept'
  }

  /** Pairs of the same setting: few where trials are scarce, and more before a machine is called too noisy for one bad moment. */
  async #measureNoise(): Promise<Noise> {
    const two = await this.#identicalPairs(2)
    const noise = this.bench.scarce ? two : await this.#identicalPairs(this.bench.settings.budget.ms < 600_000 ? 1 : 2)
    return tooNoisy(noise) && this.bench.left >= 4 ? this.#identicalPairs(2) : noise
  }

  async #identicalPairs(pairs: number): Promise<Noise> {
    for (let trial = 0; trial < 2 * pairs; trial++) await this.bench.trial('noise', BASELINE)
    return noiseOf(this.bench.trials.map(({ result }) => result), this.bench.settings)
  }

  /** What the reasoners point to, what stands away from its default, and what was asked for by name. */
  async #propose(situation: Situation): Promise<Candidate[]> {
    const { scope, state, baseline, settings, kernel, cycle } = this.bench
    const { snapshot, evidence } = situation
    const plan = await kernel.hooks.reason.run(this.plan, situation)
    const pointedTo = [...plan.recommendations, ...deviations(scope, state.readings, snapshot, new Set(plan.recommendations.map(({ knob }) => knob)))]
    const named = settings.asked ? asked(scope, state.readings, snapshot, new Set(pointedTo.map(({ knob }) => knob))) : NONE_ASKED
    if (named.tooMany > 0) cycle.log(`${named.tooMany} knobs are named, too many to try those that no symptom points to; name a few to have each tried`)
    this.plan = { ...plan, recommendations: [...pointedTo, ...named.recommendations] }
    return [...candidatesOf({ ...plan, recommendations: pointedTo }, evidence, baseline), ...named.candidates]
  }

  /** Best first, and once several as one. */
  async #considerAll(ranked: readonly Screened[], noise: Noise, situation: Situation): Promise<void> {
    const { sd_log: sdLog, floor_ratio: floorRatio } = noise
    const promising = ranked.filter(({ loss }) => loss <= sdLog).length
    const affordable = Math.max(1, Math.floor(this.bench.left / LEAST_FOR_COMPARISON))
    const comparisons = Math.min(MOST_COMPARISONS, promising < 2 ? promising : promising + 1, affordable)
    const rest = [...ranked]
    let bundled = false
    while (rest.length > 0) {
      const bundle: Screened | null = bundled ? null : together(rest, { sdLog, floorLog: Math.log(floorRatio), affordable }, this.bench.cycle.catalogue)
      bundled ||= bundle !== null
      const next = bundle ?? rest.shift()
      if (!next || next.candidate.settings.every(({ knob }) => this.#needless.has(knob))) continue
      const reason = (await this.#notCompared(next, comparisons, noise, situation)) ?? (await this.#compare(next, comparisons, noise, situation))
      if (reason !== null) this.skipped.push({ candidate: next.candidate.id, settings: next.candidate.settings, reason })
    }
  }

  /** Why a candidate is not worth a comparison, or cannot have one. */
  async #notCompared({ candidate, loss }: Screened, comparisons: number, noise: Noise, situation: Situation): Promise<string | null> {
    if (candidate.settings.every(({ knob }) => this.incumbent.settings.some((kept) => kept.knob === knob))) return isWithin(candidate.settings, this.incumbent.settings) ? 'kept together with others' : 'another value of it was kept'
    if (loss > noise.sd_log) return 'one trial showed no promise'
    if (this.comparisons.length >= comparisons) return `${comparisons} better-ranked ${comparisons === 1 ? 'candidate was' : 'candidates were'} compared before it`
    if (this.bench.left < LEAST_FOR_COMPARISON) return 'the budget ended'
    return ruledOut(this.bench, situation, this.incumbent, candidate)
  }

  /** Climbs from a candidate's value to a better one, leaves out what that does not need, then compares it with what stands; or why that could not be. */
  async #compare({ candidate, loss }: Screened, comparisons: number, noise: Noise, situation: Situation): Promise<string | null> {
    const { bench, incumbent } = this
    const { goal, alpha } = bench.settings
    const floorLog = Math.log(noise.floor_ratio)
    const ground = { bench, situation, incumbent, tolerance: Math.max(floorLog, noise.sd_log) }
    const climbed = loss < -ground.tolerance ? await climb(ground, { candidate, loss }) : candidate
    const { candidate: best, needless, unchecked } = await prune(ground, climbed)
    for (const { id, settings } of needless) this.#leaveOut(id, settings)
    const identical = differencesOf(identicalOf(bench.trials).map(({ result }) => result), goal)
    const comparison = await confirm(bench, incumbent, best, { goal, identical, floorLog, alpha: shareOf(alpha, comparisons, this.comparisons) })
    if (typeof comparison === 'string') return comparison
    this.comparisons.push(unchecked === 0 ? comparison : { ...comparison, words: `${comparison.words}; ${best.settings.length} knobs judged in sum, ${unchecked} of them never left out for a trial` })
    if (comparison.kept) this.#keep(best, comparison)
    return null
  }

  #keep(candidate: Candidate, { effects }: Comparison): void {
    const { goal } = this.bench.settings
    const { ratio, interval } = effects[goal]
    this.incumbent = withSettings(this.incumbent, candidate)
    this.bench.best = `${this.incumbent.id}: ${goal} x${ratio.toPrecision(3)} [${interval.map((end) => end.toPrecision(3)).join(', ')}]`
  }

  /** A knob of a bundle without which a trial was no worse. */
  #leaveOut(candidate: string, settings: Skipped['settings']): void {
    this.skipped.push({ candidate, settings, reason: 'the knobs it was tried with are no worse without it' })
    for (const { knob } of settings) this.#needless.add(knob)
  }

  /** Somebody else has changed what was on trial: theirs stays, and nothing can be compared any more. */
  lostBaseline(): void {
    this.outcome = 'not healed'
    this.heal = lostTo(this.bench.foreign)
  }
}

function isWithin(settings: readonly Setting[], kept: readonly Setting[]): boolean {
  return settings.every(({ knob, value }) => kept.some((setting) => setting.knob === knob && sameValue(setting.value, value)))
}
