import { messageOf, type z } from '@semantos/core'
import { misfit, unusable } from './misfit.js'

/**
 * A tool's JSON by a schema of the parts that are read. Lines before the first that begins with a brace are the tool's
 * remarks. Text that is not JSON is an error with the first line that breaks it.
 */
export function readJson<S extends z.ZodType>(parser: string, text: string, schema: S): z.output<S> {
  const from = /^[{[]/m.exec(text)?.index ?? 0
  const parsed = schema.safeParse(parse(parser, text, from))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? 'its JSON' : issue.path.join('.')
  throw unusable(parser, `${where} is not what the parser reads: ${issue?.message ?? ''}`, `See that the run command's output is the JSON that the parser ${parser} reads.`)
}

function parse(parser: string, text: string, from: number): unknown {
  const json = text.slice(from)
  try {
    return JSON.parse(json)
  } catch (error) {
    const lines = json.split('\n')
    const broken = firstBroken(lines)
    const number = text.slice(0, from).split('\n').length + broken
    if (broken < lines.length) throw misfit(parser, { number, line: lines[broken] ?? '', before: null }, `JSON (${messageOf(error)})`)
    throw misfit(parser, { number: number - 1, line: null, before: lines.findLast((line) => line.trim() !== '') ?? null }, 'the rest of the JSON')
  }
}

/** The index of the first line that breaks a JSON text; the number of lines where it only ends too early. JSON.parse does not always say where. */
function firstBroken(lines: readonly string[]): number {
  let [sound, broken] = [0, lines.length + 1]
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2)
    if (isBeginning(lines.slice(0, middle).join('\n'))) sound = middle
    else broken = middle
  }
  return sound
}

/** A text that JSON.parse finds nothing wrong with but its end. */
function isBeginning(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const position = /position (\d+)/.exec(messageOf(error))
    return position === null ? messageOf(error).startsWith('Unexpected end') : Number(position[1]) >= text.length
  }
}
