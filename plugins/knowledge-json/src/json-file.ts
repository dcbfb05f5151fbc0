import { readFileSync } from 'node:fs'
import { SemantosError, z } from '@semantos/core'
import { type Place, whereBroken, whereIs } from './json-place.js'

/** Reads a list of a kind of thing from a JSON file; no file is an empty list. A broken file is an error that names the place. */
export function readList<T>(path: string, schema: z.ZodType<T>): T[] {
  const text = readText(path)
  if (text === null) return []
  const parsed = z.array(schema).safeParse(parseJson(path, text))
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
  const first = issues.slice(0, 1)
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  throw invalid(path, whereIs(text, first[0]?.path ?? []), `${z.prettifyError(new z.ZodError(first))}${more}`, parsed.error)
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { place, wanted } = whereBroken(text)
    throw invalid(path, place, `not JSON: expected ${wanted}`, error)
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    const message = `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message, place: path, cause: error, next: 'Make the file readable for this user, or name another folder.' })
  }
}

function invalid(path: string, { line, column }: Place, problem: string, cause: unknown): SemantosError {
  const place = `${path}:${line}:${column}`
  return new SemantosError('SEMANTOS_E_DATA_INVALID', {
    message: `${place}: ${problem}`,
    place,
    cause,
    next: 'Correct the file at this place, or move it away. It has not been changed.',
  })
}
