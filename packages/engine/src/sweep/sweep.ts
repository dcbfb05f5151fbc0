import { readKnobs, isLive } from '../cycle/knobs.js'
import { refuseSandbox } from '../cycle/refuse-sandbox.js'
import { type Cycle, type Edge, formatValue, SemantosError, type Setting, type Situation, splitRef } from '@semantos/core'
import { type Kernel, type KernelRun, shuffled, SnapshotDraft } from '@semantos/core/kernel'
import { median } from '@semantos/stats'
import { SweepBench } from './bench.js'
import { type Allowed, dependencies, edgeOfDependency } from './dependencies.js'
import { holm, interactionOf } from './interaction.js'
import { levelsOf } from './levels.js'
import type { PairResult, SweepReport, SweepSettings } from './report.js'
import { truthOf } from './truth.js'

/** Rounds in which each value of each knob is looked at, to choose the one to combine. */
const SCREEN_ROUNDS = 3

/**
 * Induces edges from pairwise experiments, as the SemantOS paper does: baseline, each change alone, each pair, in rounds of random
 * order; the interaction is the joint effect minus the single ones. Everything that was changed is taken back.
 */
export async function sweep(kernel: Kernel, settings: SweepSettings, run: KernelRun = kernel.begin()): Promise<SweepReport> {
  const cycle: Cycle = { ...run.context(), run: settings.run, seed: settings.seed, slo: settings.slo, catalogue: kernel.catalogue }
  await kernel.hooks.start.run({ planning: false }, cycle)
  const scope = kernel.catalogue.matching(settings.knobs)
  const state = await readKnobs(kernel, cycle, scope)
  refuseSandbox(kernel.plugins, state)
  const snapshot = (await kernel.hooks.collect.run(new SnapshotDraft(), cycle)).finish(cycle.now())
  const situation: Situation = { ...cycle, snapshot, evidence: { edges: [], traces: [], documents: [] }, current: state.readings }
  const candidates = [...state.readings].flatMap(([ref, reading]) => {
    const knob = kernel.catalogue.get(ref)
    return knob && reading.status === 'present' && reading.writable ? [{ ref, knob, values: levelsOf(knob, reading.value) }] : []
  }).filter(({ values }) => values.length > 0)
  refuseLive(candidates.filter(({ ref }) => isLive(state, ref)).map(({ ref }) => ref), settings.apply)

  const bench = new SweepBench(kernel, situation, state, scope, settings.settleMs, [...new Set(candidates.map(({ knob }) => knob.takes_effect))])
  const sweeping = new Sweeping(bench, settings)
  try {
    return await sweeping.run(candidates.map(({ ref, values }) => ({ knob: ref, values })))
  } catch (error) {
    run.clearAbort()
    await bench.restore()
    throw error
  }
}

function refuseLive(live: readonly string[], apply: boolean): void {
  if (apply || live.length === 0) return
  throw new SemantosError('SEMANTOS_E_USAGE', {
    message: `a sweep changes ${live.length} values of the running kernel for a moment each, such as ${live.slice(0, 3).join(', ')}`,
    next: 'Say so with --apply, or sweep a simulated host: --applier sandbox with a synthetic workload.',
  })
}

class Sweeping {
  readonly #leftOut: { what: string; reason: string }[] = []

  constructor(readonly bench: SweepBench, readonly settings: SweepSettings) {}

  async run(candidates: readonly Allowed[]): Promise<SweepReport> {
    const { bench, settings } = this
    const time = bench.situation.now().toISOString()
    const allowed = await this.#allowed(candidates)
    const chosen = await this.#screen(allowed)
    const { pairs, baseline } = await this.#measure(chosen)
    const interacting = pairs.flatMap((pair) => edgeOfPair(pair, settings, time) ?? [])
    const depending = (await dependencies(bench, allowed)).map((dependency) => edgeOfDependency(dependency, settings.run, time))
    return {
      kind: 'semantos-sweep',
      schema_version: 1,
      run: settings.run,
      time,
      seed: settings.seed,
      workload: bench.kernel.plugins.find(({ stage }) => stage === 'workload')?.id ?? 'none',
      rounds: settings.rounds,
      trials: bench.trials,
      baseline_p95_ms: baseline,
      pairs,
      edges: [...interacting, ...depending],
      left_out: this.#leftOut,
      truth: settings.truth === null ? null : truthOf(settings.truth, chosen.map(({ knob }) => knob), interacting),
    }
  }

  /** The values that guards allow, each alone. */
  async #allowed(candidates: readonly Allowed[]): Promise<Allowed[]> {
    const allowed: Allowed[] = []
    for (const { knob, values } of candidates) {
      const fine: Setting['value'][] = []
      for (const value of values) if ((await this.bench.violations([{ knob, value }])).length === 0) fine.push(value)
      if (fine.length > 0) allowed.push({ knob, values: fine })
      else this.#leftOut.push({ what: knob, reason: 'the guards allow none of its values' })
    }
    return allowed
  }

  /** Of each knob the value with the lowest p95, on trials of their own, so that the choice does not flatter it later. */
  async #screen(allowed: readonly Allowed[]): Promise<Setting[]> {
    const chosen: Setting[] = []
    for (const { knob, values } of allowed) {
      const tried: { value: Setting['value']; p95: number; unseen: boolean }[] = []
      for (const value of values) {
        const p95: number[] = []
        let unseen = false
        for (let round = 0; round < SCREEN_ROUNDS; round++) {
          const result = await this.#trial([{ knob, value }], round)
          p95.push(result.latency.p95_ms)
          unseen = result.unseen.some((when) => when === this.bench.kernel.catalogue.get(knob)?.takes_effect)
        }
        tried.push({ value, p95: median(p95), unseen })
      }
      const [best] = tried.sort((a, b) => a.p95 - b.p95)
      if (best?.unseen) this.#leftOut.push({ what: knob, reason: 'the workload cannot see it' })
      else if (best) chosen.push({ knob, value: best.value })
    }
    return chosen
  }

  /** Rounds in which every arm has one trial, in random order. */
  async #measure(chosen: readonly Setting[]): Promise<{ pairs: PairResult[]; baseline: number }> {
    const { settings, bench } = this
    const pairs: (readonly [Setting, Setting])[] = []
    for (const [index, one] of chosen.entries()) for (const other of chosen.slice(index + 1)) {
      const [violation] = await bench.violations([one, other])
      if (violation) this.#leftOut.push({ what: idOf([one, other]), reason: violation.message })
      else pairs.push([one, other])
    }
    const arms = [[], ...chosen.map((setting) => [setting]), ...pairs]
    const order = bench.situation.random('order')
    const p95 = new Map<string, number[]>(arms.map((arm) => [idOf(arm), []]))
    for (let round = 0; round < settings.rounds; round++) {
      for (const arm of shuffled(arms, order)) p95.get(idOf(arm))?.push((await this.#trial(arm, SCREEN_ROUNDS + round)).latency.p95_ms)
    }
    const of = (...arm: readonly Setting[]) => p95.get(idOf(arm)) ?? []
    const baseline = median(of())
    const floor = (settings.minInteractionPct / 100) * baseline
    const measured = pairs.map(([one, other]) => {
      const rounds = of().map((neither, index) => ({ neither, first: of(one)[index] ?? 0, second: of(other)[index] ?? 0, both: of(one, other)[index] ?? 0 }))
      return { pair: [one, other] as const, interaction: interactionOf(rounds, floor, bench.situation.random(`bootstrap ${idOf([one, other])}`)) }
    })
    const adjusted = holm(measured.map(({ interaction }) => interaction.pValue))
    const percent = (ms: number) => (100 * ms) / baseline
    return {
      baseline,
      pairs: measured.map(({ pair, interaction: { mean, interval, pValue } }, index) => ({
        settings: pair,
        first_alone_pct: percent(median(of(pair[0])) - baseline),
        second_alone_pct: percent(median(of(pair[1])) - baseline),
        both_pct: percent(median(of(...pair)) - baseline),
        interaction_pct: percent(mean),
        interval_pct: [percent(interval[0]), percent(interval[1])],
        p_value: pValue,
        p_adjusted: adjusted[index] ?? 1,
        kind: (adjusted[index] ?? 1) > settings.alpha ? null : mean < 0 ? 'synergizes_with' : 'conflicts_with',
      })),
    }
  }

  async #trial(arm: readonly Setting[], index: number) {
    const result = await this.bench.trial(arm, index)
    this.settings.onTrial(this.bench.trials, idOf(arm) || 'baseline')
    return result
  }
}

/** Its weight is the interaction's share of all that the pair does: 1 where the knobs do nothing alone. */
function edgeOfPair({ settings: [one, other], kind, interaction_pct, first_alone_pct, second_alone_pct, interval_pct }: PairResult, { run, rounds }: SweepSettings, time: string): Edge | null {
  if (kind === null) return null
  const [strength, alone] = [Math.abs(interaction_pct), Math.abs(first_alone_pct) + Math.abs(second_alone_pct)]
  const source = `sweep ${run}: ${idOf([one, other])}: interaction ${interaction_pct.toFixed(1)}% of p95 [${interval_pct.map((end) => end.toFixed(1)).join(', ')}], ${rounds} rounds`
  return { from: splitRef(one.knob).name, to: splitRef(other.knob).name, kind, weight: Math.round((1000 * strength) / (strength + alone)) / 1000, evidence_count: rounds, source, updated: time }
}

function idOf(arm: readonly Setting[]): string {
  return arm.map(({ knob, value }) => `${knob}=${formatValue(value)}`).join(' ')
}
