import { z } from 'zod'

// Every model imports this file first. Code that zod generates at run time pays off after thousands of parses; a run makes
// hundreds, and compiling it costs 15 ms. Words that hold for all of them stand here: told to a parse, they double its time.
z.config({ jitless: true, customError: (issue) => (issue.code === 'invalid_type' && issue.input === undefined ? 'is missing' : undefined) })

/** A whole number that JavaScript holds exactly. `-0` is refused: it prints as `0` but compares as another value. */
export const Whole = z.int({ error: ({ input }) => (typeof input === 'number' ? notWhole(input) : undefined) }).refine((n) => !Object.is(n, -0), { error: 'must not be -0' })

function notWhole(number: number): string {
  return `must be a whole number that JavaScript holds exactly, and is ${number}`
}

/** One line of printable ASCII, as a kernel file shows an enum. Longer or stranger text is never a value. */
export const Word = z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/, { error: 'must be one line of printable ASCII, at most 256 characters' })

const LENGTH = 'must be a list of 1 to 64 whole numbers'

/** The value of a knob: a number in the knob's unit, a word of an enum, or the numbers of a vector. */
export const KnobValue = z.union([Whole, Word, z.array(Whole).min(1, LENGTH).max(64, LENGTH).readonly()], { error: ({ input }) => whyNoValue(input) })
export type KnobValue = z.infer<typeof KnobValue>

/** What is wrong with this one, and not all that a value may be. */
function whyNoValue(input: unknown): string {
  if (input === undefined) return 'is missing'
  if (typeof input === 'string') return 'must be one line of printable ASCII, at most 256 characters'
  if (typeof input === 'number') return Object.is(input, -0) ? 'must not be -0' : notWhole(input)
  if (Array.isArray(input)) return LENGTH
  return 'must be a whole number, a word, or a list of whole numbers'
}

/** A finite number: telemetry may be fractional, never `NaN` or infinite. */
export const Finite = z.number().refine((n) => !Object.is(n, -0), { error: 'must not be -0' })

/** True where both stand for the same text in the kernel's file. */
export function sameValue(a: KnobValue, b: KnobValue): boolean {
  return formatValue(a) === formatValue(b)
}

/** The text a kernel file expects: vectors are separated by one space. */
export function formatValue(value: KnobValue): string {
  return typeof value === 'object' ? value.join(' ') : String(value)
}
