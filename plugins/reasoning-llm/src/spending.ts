import { z } from '@semantos/core'
import type { Options } from './options.js'

/** Tokens as the server counted them; `estimated` where it did not say, or where an answer was lost on the way. */
export const Usage = z.strictObject({ requests: z.int().min(0), input_tokens: z.number().min(0), output_tokens: z.number().min(0), estimated: z.boolean() })
export type Usage = z.infer<typeof Usage>

export const NOTHING_USED: Usage = { requests: 0, input_tokens: 0, output_tokens: 0, estimated: false }

function sumUsage(usages: readonly Usage[]): Usage {
  return usages.reduce(
    (sum, usage) => ({
      requests: sum.requests + usage.requests,
      input_tokens: sum.input_tokens + usage.input_tokens,
      output_tokens: sum.output_tokens + usage.output_tokens,
      estimated: sum.estimated || usage.estimated,
    }),
    NOTHING_USED,
  )
}

/** In US dollars; null where the config names no price. */
export function costUsd(usage: Usage, prices: Options['price_per_million_tokens']): number | null {
  return prices ? (usage.input_tokens * prices.input + usage.output_tokens * prices.output) / 1_000_000 : null
}

export function spendingInWords(model: string, usage: Usage, prices: Options['price_per_million_tokens']): string {
  const cost = costUsd(usage, prices)
  const { requests, input_tokens, output_tokens, estimated } = usage
  const money = cost === null ? 'cost unknown, as no price is configured' : `${cost.toFixed(4)} USD`
  return `${requests} requests to ${model}: ${input_tokens} tokens in, ${output_tokens} out${estimated ? ' (partly estimated)' : ''}, ${money}`
}

/** What one sample uses. A request under way counts in full, as if it came to its longest answer: nobody knows its bill yet. */
export class Tally {
  #settled = NOTHING_USED
  #underWay = false

  constructor(readonly worst: Usage) {}

  begin(): void {
    this.#underWay = true
  }

  /** The request came to this. */
  settle(usage: Usage): void {
    this.#underWay = false
    this.#settled = sumUsage([this.#settled, usage])
  }

  get usage(): Usage {
    return this.#underWay ? sumUsage([this.#settled, this.worst]) : this.#settled
  }
}

/** What a run has used, held to its ceiling. A request is only made while even its longest answer would stay below. */
export class Spending {
  readonly #tallies: Tally[] = []

  constructor(
    readonly prices: Options['price_per_million_tokens'],
    readonly ceilingUsd: number | null,
  ) {}

  open(worst: Usage): Tally {
    const tally = new Tally(worst)
    this.#tallies.push(tally)
    return tally
  }

  get usage(): Usage {
    return sumUsage(this.#tallies.map((tally) => tally.usage))
  }

  allows(worst: Usage): boolean {
    const cost = costUsd(sumUsage([this.usage, worst]), this.prices)
    return this.ceilingUsd === null || cost === null || cost <= this.ceilingUsd
  }
}
