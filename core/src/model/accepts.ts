import type { Knob, Range } from './knob.js'
import { type KnobValue, formatValue } from './value.js'

/** Why a knob does not take a value: the rule, the bound and the value, in words. Null: it does. */
export type Refusal = { rule: 'type' | 'range' | 'safe'; bound: string; message: string }

/**
 * Does the knob take this value? `level` chooses between what the kernel accepts and what the guardrails accept.
 * Values are refused, never clamped.
 */
export function refuses(knob: Knob, value: KnobValue, level: 'range' | 'safe'): Refusal | null {
  const type = knob.type
  switch (type.kind) {
    case 'integer':
      if (typeof value !== 'number') return wrongType(knob, value, 'a whole number')
      if (type.special.some((special) => special.value === value)) return null
      return outside(knob, value, type[level], level)
    case 'boolean':
      return value === 0 || value === 1 ? null : wrongType(knob, value, '0 or 1')
    case 'enum':
      if (typeof value !== 'string') return wrongType(knob, value, 'a word')
      if (type.open || type.values.some((choice) => choice.value === value)) return null
      return wrongType(knob, value, `one of ${type.values.map((choice) => choice.value).join(', ')}`)
    case 'vector':
      return refusesVector(knob, type, value, level)
  }
}

function refusesVector(knob: Knob, type: Extract<Knob['type'], { kind: 'vector' }>, value: KnobValue, level: 'range' | 'safe'): Refusal | null {
  if (typeof value !== 'object' || value.length !== type.fields.length) return wrongType(knob, value, `${type.fields.length} whole numbers`)
  for (const [index, field] of type.fields.entries()) {
    const part = value[index] ?? Number.NaN
    const refusal = outside(knob, part, field[level], level, ` (${field.name})`)
    if (refusal) return refusal
  }
  const descends = type.ascending && value.some((part, index) => index > 0 && part < (value[index - 1] ?? part))
  return descends ? wrongType(knob, value, 'numbers in ascending order') : null
}

function outside(knob: Knob, value: number, range: Range, level: 'range' | 'safe', field = ''): Refusal | null {
  if (value >= range.min && value <= range.max) return null
  const bound = `${range.min}..${range.max}`
  const whose = level === 'range' ? 'what the kernel accepts' : 'the safe bounds'
  return { rule: level, bound, message: `${knob.name}${field} = ${value} is outside ${whose}, ${bound}` }
}

function wrongType(knob: Knob, value: KnobValue, wanted: string): Refusal {
  return { rule: 'type', bound: wanted, message: `${knob.name} = ${formatValue(value)} is not ${wanted}` }
}
