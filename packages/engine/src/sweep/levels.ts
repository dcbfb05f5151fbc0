import { type Knob, type KnobValue, sameValue } from '@semantos/core'

/** Values that are tried of a number: enough to meet the side on which a knob helps. */
const LEVELS = 5
/** Words that are tried of an enum. */
const MOST_WORDS = 4

/** Other values of a knob, spread over its search range, to find one worth combining. None for a knob that is not for automatic search. */
export function levelsOf({ type, automatic }: Knob, current: KnobValue): KnobValue[] {
  if (!automatic) return []
  switch (type.kind) {
    case 'integer':
      return type.search ? distinct([...ladder(type.search), ...nearby(type.search, current)], current) : []
    case 'boolean':
      return distinct([0, 1], current)
    case 'enum':
      return type.open ? [] : distinct(type.values.map(({ value }) => value), current).slice(0, MOST_WORDS)
    case 'vector':
      return []
  }
}

function ladder({ min, max, step, scale }: { min: number; max: number; step: number; scale: 'linear' | 'log2' }): number[] {
  return Array.from({ length: LEVELS }, (_, index) => {
    const share = index / (LEVELS - 1)
    if (scale === 'log2') return Math.round(Math.max(min, 1) * (max / Math.max(min, 1)) ** share)
    return min + Math.round((share * (max - min)) / step) * step
  })
}

/** A factor of 4 up and down: guards may not allow a larger step at a time. */
function nearby({ min, max }: { min: number; max: number }, current: KnobValue): number[] {
  return typeof current === 'number' ? [current / 4, current * 4].filter((value) => value >= min && value <= max && Number.isInteger(value)) : []
}

function distinct(values: readonly KnobValue[], current: KnobValue): KnobValue[] {
  return [...new Set(values)].filter((value) => !sameValue(value, current))
}
