import type { Redact } from '@semantos/core'
import { type Ask, connect } from './ask.js'
import { Deadline, sleep } from './deadline.js'
import { failureOf } from './failure.js'
import { type Options, endpointOf } from './options.js'
import type { Outcome } from './outcome.js'
import type { Prompt } from './prompt.js'
import { RateLimit } from './rate-limit.js'
import { NOTHING_USED, type Spending, type Tally } from './spending.js'
import { estimateTokens } from './tokens.js'

const FIRST_BACKOFF_MS = 500

/** Asks a model over the network: with a time limit for each request, retries, a rate limit and a cost ceiling. */
export class LiveModel {
  readonly #rate: RateLimit
  #ask: Promise<Ask> | null = null

  constructor(
    readonly options: Options,
    readonly key: string | null,
    readonly redact: Redact,
  ) {
    this.#rate = new RateLimit(options.rate_limit_per_min)
  }

  /** One sample. Never throws and never takes longer than the deadline; `random` spreads the retries. */
  async sample(prompt: Prompt, deadline: Deadline, spending: Spending, random: () => number): Promise<Outcome> {
    const tally = spending.open({ requests: 1, input_tokens: prompt.tokens, output_tokens: this.options.max_tokens_answer, estimated: true })
    try {
      const text = await deadline.race(this.#attempts(prompt, deadline, spending, tally, random))
      return { status: 'answered', text: this.redact(text), usage: tally.usage }
    } catch (error) {
      return { status: 'failed', reason: this.redact(failureOf(error).words), usage: tally.usage }
    }
  }

  async #attempts(prompt: Prompt, deadline: Deadline, spending: Spending, tally: Tally, random: () => number): Promise<string> {
    const { apiKeyEnv } = endpointOf(this.options)
    if (apiKeyEnv !== null && this.key === null) throw new Error(`the environment variable ${apiKeyEnv} is not set`)
    this.#ask ??= connect(this.options, this.key)
    const ask = await this.#ask
    for (let attempt = 0; ; attempt++) {
      if (!spending.allows(tally.worst)) throw new Error(`another request could pass the ceiling of ${spending.ceilingUsd} USD for this run`)
      // Counted before anything is waited for, so that samples side by side do not pass the ceiling together.
      tally.begin()
      await this.#rate.turn(deadline).catch((error: unknown) => {
        tally.settle(NOTHING_USED)
        throw error
      })
      try {
        return await this.#once(ask, prompt, deadline, tally)
      } catch (error) {
        const { retryable, retryAfterMs, mayBeBilled } = failureOf(error)
        tally.settle(mayBeBilled ? tally.worst : { ...tally.worst, input_tokens: 0, output_tokens: 0, estimated: false })
        const waitMs = retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** attempt * (0.5 + random())
        if (!retryable || attempt >= this.options.retries) throw error
        if (waitMs >= deadline.leftMs) throw new Error(`${failureOf(error).words}; no time is left to try again`, { cause: error })
        await sleep(waitMs, deadline.signal)
      }
    }
  }

  async #once(ask: Ask, prompt: Prompt, deadline: Deadline, tally: Tally): Promise<string> {
    using limit = new Deadline(this.options.timeout_ms, 'the server did not answer', deadline.signal)
    const { text, inputTokens, outputTokens } = await limit.race(ask(prompt, limit.signal))
    tally.settle({
      requests: 1,
      input_tokens: inputTokens ?? prompt.tokens,
      output_tokens: outputTokens ?? estimateTokens(text),
      estimated: inputTokens === null || outputTokens === null,
    })
    return text
  }
}
