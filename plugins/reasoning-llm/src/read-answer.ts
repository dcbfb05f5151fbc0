/** An answer's recommendations, not yet checked one by one; `repaired` says what had to be done to read it. */
export type Read = { readonly items: readonly unknown[]; readonly repaired: string | null } | { readonly problem: string }

/**
 * Reads an answer. Text that is not JSON is repaired once: what stands around the object goes (a fence, a preface, thoughts),
 * and an answer that breaks off is ended behind its last whole recommendation. A half-written one is never used: the 1 of a
 * 100 that was cut would be a number too.
 */
export function readAnswer(text: string): Read {
  const trimmed = text.trim()
  if (trimmed === '') return { problem: 'the answer is empty' }
  const whole = parse(trimmed)
  if (whole !== undefined) return itemsOf(whole.value, null)
  for (const { json, repaired } of repairs(trimmed)) {
    const parsed = parse(json)
    if (parsed !== undefined && isObject(parsed.value) && 'recommendations' in parsed.value) return itemsOf(parsed.value, repaired)
  }
  return { problem: 'the answer is not JSON and could not be repaired' }
}

function itemsOf(value: unknown, repaired: string | null): Read {
  if (!isObject(value) || !('recommendations' in value)) return { problem: 'the answer is JSON without a list of recommendations' }
  const { recommendations } = value
  return Array.isArray(recommendations) ? { items: recommendations, repaired } : { problem: 'recommendations is not a list' }
}

function parse(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) }
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Objects that are looked at in an answer with text around; the first that holds recommendations is taken. */
const MOST_OBJECTS = 5

/** The text of each object that begins in the answer, one after the other; the last may be broken off. */
function* repairs(text: string): Generator<{ readonly json: string; readonly repaired: string }> {
  let start = text.indexOf('{')
  for (let count = 0; start >= 0 && count < MOST_OBJECTS; count++) {
    const { end, wholeUntil, open } = scan(text, start)
    if (end !== null) {
      yield { json: text.slice(start, end), repaired: 'text around the JSON was passed over' }
      start = text.indexOf('{', end)
      continue
    }
    if (wholeUntil !== null) yield { json: text.slice(start, wholeUntil) + open, repaired: 'the answer breaks off; only its whole recommendations count' }
    start = text.indexOf('{', start + 1)
  }
}

interface Scan {
  /** Behind the brace that closes the object; null where it never closes. */
  readonly end: number | null
  /** Behind the last object in a list that was whole, and what closes everything that is open there. */
  readonly wholeUntil: number | null
  readonly open: string
}

/** Follows brackets and strings from an opening brace on. */
function scan(text: string, start: number): Scan {
  const closers: string[] = []
  let inString = false
  let wholeUntil: number | null = null
  let open = ''
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
      continue
    }
    if (character === '"') inString = true
    else if (character === '{') closers.push('}')
    else if (character === '[') closers.push(']')
    else if (character === '}' || character === ']') {
      if (closers.pop() !== character) return { end: null, wholeUntil, open }
      if (closers.length === 0) return { end: at + 1, wholeUntil, open }
      if (character === '}' && closers.length === 2 && closers[1] === ']') {
        wholeUntil = at + 1
        open = ']}'
      }
    }
  }
  return { end: null, wholeUntil, open }
}
