import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, SemantosError, z } from '@semantos/core'
import { writeFileAtomic } from '@semantos/host'
import type { Options } from './options.js'
import { Outcome } from './outcome.js'
import type { Prompt } from './prompt.js'

/** One sample on disk: what was asked and what came back. There is no key in it: prompts and answers are masked first. */
const Recording = z.strictObject({
  kind: z.literal('semantos-llm-sample'),
  schema_version: z.literal(1),
  provider: z.string(),
  model: z.string(),
  temperature: z.number().nullable(),
  max_tokens_answer: z.int(),
  prompt_sha256: z.string(),
  /** 0 for the first time that this prompt was asked, 1 for the second. */
  asked_before: z.int().min(0),
  sample: z.int().min(0),
  system: z.string(),
  user: z.string(),
  schema: z.string(),
  outcome: Outcome,
})

/** The file of a sample is found by what was asked, so that an answer is never given to another question. */
export class Recordings {
  readonly #asked = new Map<string, number>()

  constructor(
    readonly folder: string,
    readonly options: Pick<Options, 'provider' | 'model' | 'temperature' | 'max_tokens_answer'>,
  ) {}

  /** Counts a prompt, and returns where its samples stand. */
  next(prompt: Prompt): Place {
    const { provider, model, temperature, max_tokens_answer } = this.options
    const hash = createHash('sha256').update(JSON.stringify([provider, model, temperature, max_tokens_answer, prompt.system, prompt.user, prompt.schema])).digest('hex')
    const askedBefore = this.#asked.get(hash) ?? 0
    this.#asked.set(hash, askedBefore + 1)
    return { hash, askedBefore }
  }

  /** Throws SEMANTOS_E_WRITE_FAILED. */
  write(prompt: Prompt, place: Place, sample: number, outcome: Outcome): void {
    const { provider, model, temperature, max_tokens_answer } = this.options
    const { system, user, schema } = prompt
    const recording: z.infer<typeof Recording> = {
      kind: 'semantos-llm-sample',
      schema_version: 1,
      provider, model, temperature, max_tokens_answer,
      prompt_sha256: place.hash,
      asked_before: place.askedBefore,
      sample,
      system, user, schema,
      outcome,
    }
    writeFileAtomic(this.#path(place, sample), `${JSON.stringify(recording, null, 2)}\n`)
  }

  /** Null where this was never recorded. Throws SEMANTOS_E_DATA_INVALID for a file that is no recording. */
  read(place: Place, sample: number): Outcome | null {
    const path = this.#path(place, sample)
    if (!existsSync(path)) return null
    try {
      return Recording.parse(JSON.parse(readFileSync(path, 'utf8'))).outcome
    } catch (error) {
      throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `this is no recording of a language model's answer: ${messageOf(error)}`, place: path, cause: error })
    }
  }

  #path({ hash, askedBefore }: Place, sample: number): string {
    return join(this.folder, `${hash.slice(0, 16)}-${askedBefore}-${sample}.json`)
  }
}

export interface Place {
  readonly hash: string
  readonly askedBefore: number
}
