import { messageOf, type z } from '@semantos/core'
import { placeInJson } from './json-place.js'
import { misfit } from './misfit.js'

/**
 * A tool's JSON by a schema of the parts that are read. Before it stand the tool's remarks, where it is known to make any. What is no
 * JSON, or not that of the tool, is an error with the first line that does not fit.
 */
export function readJson<S extends z.ZodType>(parser: string, text: string, schema: S, remark: RegExp | null = null): z.output<S> {
  const from = behindRemarks(text, remark)
  const parsed = schema.safeParse(parse(parser, text, from))
  if (parsed.success) return parsed.data
  const [{ path, message } = { path: [], message: '' }] = parsed.error.issues
  const place = from + placeInJson(text.slice(from), path)
  const before = text.slice(0, place).split('\n')
  const line = `${before.at(-1) ?? ''}${text.slice(place).split('\n', 1)[0] ?? ''}`
  throw misfit(parser, { number: before.length, line, before: null }, `the JSON of ${parser}${path.length === 0 ? '' : `, with ${path.join('.')}`} (${message})`)
}

function behindRemarks(text: string, remark: RegExp | null): number {
  let from = 0
  for (const line of text.split('\n')) {
    if (line.trim() !== '' && remark?.test(line) !== true) return from
    from += line.length + 1
  }
  return 0
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
