import { formatValue } from '@semantos/core'
import { BASELINE, Bench, readKnobs, TrialLog } from '@semantos/engine'
import { SnapshotDraft, VerdictDraft } from '@semantos/core/kernel'
import guardrailsBounds from '@semantos/guardrails-bounds'
import { mount } from '@semantos/plugin-kit'
import { spaceOf } from './space.mjs'

/** What a method is given: a budget of trials, the knobs in scope, and what it may know of the machine. The same for all. */
export async function openTask(place, { logFile, trials, random }) {
  const { kernel, cycle } = place
  const scope = kernel.catalogue.matching(place.knobs)
  const state = await readKnobs(kernel, cycle, scope)
  const log = new TrialLog(logFile)
  // Scope of the bench is what a trial makes anew: the same for every method, whatever it turns.
  const bench = new Bench(kernel, cycle, { ...place.settings, budget: { trials: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY } }, scope, state, log)
  return new Task(place, bench, { logFile, trials, random })
}

class Task {
  #guards = null
  #closed = false
  used = 0
  failed = 0
  worstP95Ms = 0
  words = ''

  constructor(place, bench, { logFile, trials, random }) {
    Object.assign(this, { place, bench, logFile: `${logFile}.tune`, trials, random })
    this.current = bench.state.readings
    this.space = spaceOf(place.kernel.catalogue, this.current, place.scope)
  }

  get left() {
    return this.trials - this.used
  }

  /**
   * One trial: the settings that stood in it, and its p95 in ms, null where the workload fails with them. A value that the kernel refuses
   * leaves that knob as it is and costs no trial: catalogues know ranges, not every kernel's limits.
   */
  async trial(settings) {
    if (this.left === 0) throw new Error(`the budget of ${this.trials} trials is spent`)
    const trial = await this.bench.attempt('screen', armOf(settings))
    const refused = typeof trial === 'string' ? /^it could not be applied: (\S+) = /.exec(trial)?.[1] : undefined
    if (settings.some(({ knob }) => knob === refused)) return this.trial(settings.filter(({ knob }) => knob !== refused))
    const p95Ms = typeof trial === 'string' ? null : trial.result.latency.p95_ms
    this.count(typeof trial === 'string' ? trial : idOf(settings), p95Ms)
    return { settings, p95Ms }
  }

  /** A trial that was run, here or by the method itself. */
  count(what, p95Ms) {
    if (this.left === 0) throw new Error(`the budget of ${this.trials} trials is spent`)
    this.used++
    if (p95Ms === null) this.failed++
    else this.worstP95Ms = Math.max(this.worstP95Ms, p95Ms)
    this.place.say(`${this.used}/${this.trials} p95 ${p95Ms === null ? 'failed' : `${p95Ms.toPrecision(4)} ms`}: ${what.slice(0, 160)}`)
  }

  say(words) {
    this.words = words
  }

  settingsAt(places) {
    return this.space.map(({ ref, at }, index) => ({ knob: ref, value: at(places[index]) }))
  }

  /** Telemetry of now, with what the trials so far have shown. */
  async metrics() {
    const snapshot = (await this.place.kernel.hooks.collect.run(new SnapshotDraft(), this.place.cycle)).finish(new Date())
    const last = this.bench.trials.at(-1)
    const seen = { ...last?.metrics, ...(last && { p95_ms: last.result.latency.p95_ms }) }
    const metrics = new Map(snapshot.metrics.map((metric) => [metric.name, metric]))
    for (const [name, value] of Object.entries(seen)) metrics.set(name, { unit: 'number', source: 'trial', ...metrics.get(name), name, value })
    this.snapshot = { ...snapshot, metrics: [...metrics.values()] }
    return this.snapshot.metrics
  }

  /**
   * The settings without those that a rule for the machine's safety or for the order of two knobs speaks against. A searcher is spared what cannot
   * work; the size of its steps is not limited, as SemantOS limits its own.
   */
  async allowed(settings) {
    if (!this.snapshot) await this.metrics()
    let kept = settings
    while (kept.length > 0) {
      const against = new Set(await this.#violated(kept))
      if (against.size === 0) return kept
      const next = kept.filter(({ knob }) => !against.has(knob))
      kept = next.length < kept.length ? next : []
    }
    return kept
  }

  async #violated(settings) {
    this.#guards ??= await mount(guardrailsBounds({ guardrails: ['no_oom', 'no_starvation'] }))
    const { kernel, cycle } = this.#guards
    const recommendations = settings.map(({ knob, value }) => ({
      knob, value, rationale: 'a draw', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0, rules: [], edges: [], traces: [], documents: [], proposed_by: 'searcher', changed_by: [],
    }))
    const resulting = new Map([...this.bench.baseline, ...settings.map(({ knob, value }) => [knob, value])])
    const evidence = { edges: [], traces: [], documents: [] }
    const proposal = { ...cycle, catalogue: this.place.kernel.catalogue, snapshot: this.snapshot, evidence, current: this.current, plan: { recommendations, advice: [] }, resulting }
    const draft = new VerdictDraft()
    await kernel.hooks.guard.run(draft, proposal, (failure) => draft.failed(failure))
    return draft.finish().violations.map(({ knob }) => knob)
  }

  /** Takes back what stands. May be called again. */
  async close() {
    await this.bench.backToBaseline()
    if (this.#closed) return
    this.#closed = true
    await this.#guards?.kernel.dispose()
    this.bench.log.close()
  }
}

export function armOf(settings) {
  return settings.length === 0 ? BASELINE : { id: idOf(settings), settings }
}

export function idOf(settings) {
  return settings.map(({ knob, value }) => `${knob}=${formatValue(value)}`).join(' ') || BASELINE.id
}
