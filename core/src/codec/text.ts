import type { KnobType } from '../model/knob.js'
import { type KnobValue, Word, formatValue } from '../model/value.js'
import { chosen } from './brackets.js'

const YES = new Set(['1', 'Y', 'y'])
const NO = new Set(['0', 'N', 'n'])
const WHOLE = /^-?\d+$/

/** The meaning of a kernel file's text, or null for text that is no value: empty, or several lines. */
export function knobValue(type: KnobType, text: string): KnobValue | null {
  const trimmed = text.trim()
  switch (type.kind) {
    case 'integer':
      return whole(trimmed) ?? word(trimmed)
    case 'boolean':
      if (trimmed === type.on) return 1
      if (trimmed === type.off) return 0
      return YES.has(trimmed) ? 1 : NO.has(trimmed) ? 0 : (whole(trimmed) ?? word(trimmed))
    case 'enum':
      return word(type.brackets ? chosen(trimmed) : trimmed)
    case 'vector':
      return numbers(trimmed) ?? word(trimmed)
  }
}

/** The text that a kernel file expects for a value. */
export function knobText(type: KnobType, value: KnobValue): string {
  if (type.kind === 'boolean' && value === 1) return type.on
  if (type.kind === 'boolean' && value === 0) return type.off
  return formatValue(value)
}

/** A number that JavaScript cannot hold exactly stays text. */
function whole(text: string): number | null {
  const number = WHOLE.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) ? number + 0 : null
}

function numbers(text: string): number[] | null {
  const parts = text.split(/\s+/).map(whole)
  const known = parts.filter((part) => part !== null)
  return known.length === parts.length && known.length <= 64 ? known : null
}

function word(text: string): string | null {
  return Word.safeParse(text).success ? text : null
}
