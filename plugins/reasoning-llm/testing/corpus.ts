import { readFileSync, readdirSync } from 'node:fs'
import { KnobValue, z } from '@semantos/core'

const FOLDER = new URL('../corpus/', import.meta.url)

/** Text that stands several times; `#` is its number. */
const Repeated = z.strictObject({ text: z.string(), times: z.int().min(1) })

/** One answer of a hostile or confused model, and what must become of it. */
const Case = z.strictObject({
  about: z.string(),
  answer: z.union([z.string(), z.array(Repeated)]),
  /** What the advice must say. */
  says: z.array(z.string()),
  /** What the model may change: nothing where this is empty. */
  takes: z.record(z.string(), KnobValue),
  /** The rule of a guard that stops the plan. */
  guards_refuse: z.string().optional(),
})

export interface CorpusCase extends Omit<z.infer<typeof Case>, 'answer'> {
  readonly name: string
  readonly answer: string
}

export function readCorpus(): CorpusCase[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => {
      const { answer, ...rest } = Case.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))
      const text = typeof answer === 'string' ? answer : answer.flatMap(({ text: piece, times }) => Array.from({ length: times }, (_, index) => piece.replaceAll('#', String(index)))).join('')
      return { ...rest, name: file.replace(/\.json$/, ''), answer: text }
    })
}
