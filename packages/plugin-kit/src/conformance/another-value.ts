import { type Knob, type KnobValue, refuses, sameValue } from '@semantos/core'

/** A value inside the safe bounds that differs from the one that stands, or null where there is none. */
export function anotherValue(knob: Knob | undefined, value: KnobValue): KnobValue | null {
  if (!knob) return null
  return candidates(knob, value).find((candidate) => !sameValue(candidate, value) && refuses(knob, candidate, 'safe') === null) ?? null
}

function candidates({ type }: Knob, value: KnobValue): KnobValue[] {
  switch (type.kind) {
    case 'integer':
      return [...(typeof value === 'number' ? [value + 1, value - 1] : []), type.safe.min, type.safe.max]
    case 'boolean':
      return [0, 1]
    case 'enum':
      return type.values.map((choice) => choice.value)
    case 'vector':
      return [type.fields.map(({ safe }) => safe.max), type.fields.map(({ safe }) => safe.min)]
  }
}
