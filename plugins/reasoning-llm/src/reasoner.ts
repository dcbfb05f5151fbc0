import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isSemantosError, type Plan, type PlanDraft, type Redact, redactor, SemantosError, type Situation } from '@semantos/core'
import { checkWritable } from '@semantos/host'
import { type Checked, checkItems } from './check.js'
import { consensus } from './consensus.js'
import { Deadline } from './deadline.js'
import { LiveModel } from './live-model.js'
import { adviceOf, counted } from './notes.js'
import { type Options, endpointOf } from './options.js'
import type { Outcome } from './outcome.js'
import { type Prompt, buildPrompt, showPrompt } from './prompt.js'
import { readAnswer } from './read-answer.js'
import { type Place, Recordings } from './recording.js'
import { revise } from './revise.js'
import { NOTHING_USED, Spending, spendingInWords } from './spending.js'

/** Asks a language model about a plan, as often as `samples` says, and changes the plan where the answers agree. */
export class Reasoner {
  readonly #redact: Redact
  readonly #model: LiveModel
  readonly #recordings: Recordings | null
  #planning = false
  #run: { readonly id: string; readonly spending: Spending } | null = null

  /** `base` is the folder that relative paths of the options start from. */
  constructor(
    readonly options: Options,
    base: string,
    environment: NodeJS.ProcessEnv,
  ) {
    const { apiKeyEnv } = endpointOf(options)
    const key = apiKeyEnv === null ? null : environment[apiKeyEnv]?.trim() || null
    this.#redact = redactor(key === null ? [] : [key])
    this.#model = new LiveModel(options, key, this.#redact)
    const folder = options.replay_dir ?? options.record_dir
    this.#recordings = folder === undefined ? null : new Recordings(resolve(base, folder), options)
  }

  /** Says at the start what could only fail after the model was paid. */
  begin(planning: boolean): void {
    this.#planning = planning
    if (!this.#recordings) return
    const { folder } = this.#recordings
    if (this.options.replay_dir === undefined) {
      if (!planning) checkWritable(join(folder, 'sample.json'))
    } else if (!existsSync(folder)) {
      throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: 'there is no such folder of recordings to replay', place: folder })
    }
  }

  /** The plan with what the samples agree on, or as it was, with the reason in its advice. */
  async revise(plan: Plan, situation: Situation): Promise<PlanDraft> {
    const { options } = this
    const prompt = buildPrompt(situation, plan, options, this.#redact)
    if (options.show_prompt) {
      situation.log(showPrompt(prompt))
      return plan
    }
    if (prompt.knobs.length === 0) return withAdvice(plan, ['was not asked: there is no knob here that could be changed'])

    const spending = this.#spendingOf(situation.run)
    const outcomes = await this.#samples(prompt, situation, spending)
    const answers = outcomes.map((outcome) => this.#read(outcome, situation, prompt))
    const problems = counted(answers.flatMap(({ problem }) => problem ?? []), outcomes.length)
    const useless = answers.every(({ problem }) => problem !== null)
    const { agreed, split } = consensus(answers.map(({ suggestions }) => suggestions), situation, options.temperature_scale)
    const { recommendations, notes } = revise(plan, agreed.slice(0, options.max_recommendations), situation, options.max_uncertainty)

    const bill = spendingInWords(options.model, spending.usage, options.price_per_million_tokens)
    const dropped = counted(answers.flatMap((answer) => answer.dropped), outcomes.length)
    const warnings = [...problems, ...(useless ? ['no answer could be used; the plan stands as it was without the language model'] : [])]
    for (const warning of warnings) situation.log(warning)
    if (dropped.length > 0) situation.log(`refused in the answers: ${dropped.length}; the plan's advice says what and why`)
    situation.log(bill)
    return withAdvice({ ...plan, recommendations }, [
      bill,
      ...warnings,
      ...notes,
      ...split.map(({ knob, votes, samples }) => `${knob}: ${votes} of ${samples} samples would change it, and no majority in the same way`),
      ...dropped.map((reason) => `refused: ${reason}`),
    ])
  }

  #spendingOf(run: string): Spending {
    if (this.#run?.id !== run) this.#run = { id: run, spending: new Spending(this.options.price_per_million_tokens, this.options.max_cost_usd ?? null) }
    return this.#run.spending
  }

  /** All samples at once, each recorded or replayed. */
  async #samples(prompt: Prompt, situation: Situation, spending: Spending): Promise<readonly Outcome[]> {
    const place = this.#recordings?.next(prompt) ?? null
    const numbers = Array.from({ length: this.options.samples }, (_, index) => index)
    if (place && this.options.replay_dir !== undefined) return numbers.map((sample) => this.#replayed(place, sample, spending))
    using deadline = new Deadline(this.options.deadline_ms, 'no answer', situation.signal)
    const random = situation.random('backoff')
    const outcomes = await Promise.all(numbers.map((_) => this.#model.sample(prompt, deadline, spending, random)))
    if (place && !this.#planning) this.#record(prompt, place, outcomes, situation.log)
    return outcomes
  }

  #replayed(place: Place, sample: number, spending: Spending): Outcome {
    const outcome = this.#recordings?.read(place, sample)
    spending.open(NOTHING_USED).settle(outcome?.usage ?? NOTHING_USED)
    return outcome ?? { status: 'failed', reason: 'this question was never recorded: the situation, the plan or an option differs', usage: NOTHING_USED }
  }

  /** A full disk is no reason to lose a plan. */
  #record(prompt: Prompt, place: Place, outcomes: readonly Outcome[], log: (message: string) => void): void {
    try {
      for (const [sample, outcome] of outcomes.entries()) this.#recordings?.write(prompt, place, sample, outcome)
    } catch (error) {
      if (!isSemantosError(error)) throw error
      log(`the answers were not recorded: ${error.message}`)
    }
  }

  #read(outcome: Outcome, situation: Situation, prompt: Prompt): Checked & { readonly problem: string | null } {
    if (outcome.status === 'failed') return { suggestions: [], dropped: [], problem: `failed: ${outcome.reason}` }
    const read = readAnswer(outcome.text)
    if ('problem' in read) return { suggestions: [], dropped: [], problem: `could not be used: ${read.problem}` }
    const { suggestions, dropped } = checkItems(read.items, situation, prompt, this.options.max_recommendations, this.#redact)
    return { suggestions, dropped: [...(read.repaired === null ? [] : [`part of an answer: ${read.repaired}`]), ...dropped], problem: null }
  }
}

function withAdvice(plan: PlanDraft, notes: readonly string[]): PlanDraft {
  return { ...plan, advice: [...(plan.advice ?? []), ...adviceOf(notes)].slice(0, MOST_ADVICE) }
}

/** What the contract allows in a plan. */
const MOST_ADVICE = 1000
