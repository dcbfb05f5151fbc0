import { joinRef, type Knob, type KnobName, type KnobValue } from '@semantos/core'
import type { Scene } from './scene.js'

/** A value to try in place of the current one, or null where there is no room or no need. */
export type Propose = (current: KnobValue, knob: Knob, scene: Scene) => KnobValue | null

/** A knob's pool may be proposed to cost this part of the host's memory when full, and no more. */
const MEMORY_SHARE = 0.25

/** The largest step at once, up or down; what bounded_changes of the guardrails allows by default. */
const REACH = 10

/** A number on the way to the proposed one where that is too far for one step; the next run goes on from there. */
export function withinReach({ type }: Knob, current: KnobValue, value: KnobValue): KnobValue {
  if (type.kind !== 'integer' || typeof current !== 'number' || typeof value !== 'number' || type.unit === 'mask' || type.unit === 'flag') return value
  if (type.special.some((special) => special.value === current || special.value === value)) return value
  const unit = type.search?.step ?? 1
  const from = Math.min(Math.max(current, type.safe.min), type.safe.max)
  if (from < 0 || value < 0) return value
  if (value > from) return Math.min(value, REACH * Math.max(from, unit))
  return from <= REACH * unit ? value : Math.max(value, Math.ceil(from / REACH))
}

/** This value, whatever stands there now. */
export function to(value: KnobValue): Propose {
  return () => value
}

/** This value where the current one is below it. */
export function atLeast(value: number): Propose {
  return (current) => (typeof current === 'number' && current < value ? value : null)
}

/** This value where the current one is above it. */
export function noMoreThan(value: number): Propose {
  return (current) => (typeof current === 'number' && current > value ? value : null)
}

/** This word where the kernel offers it and one of `from` stands there now. */
export function word(value: string, from: readonly string[]): Propose {
  return (current, knob, scene) => {
    const offered = scene.offered(joinRef(knob.name, knob.where.per === 'host' ? null : scene.device))
    return typeof current === 'string' && from.includes(current) && (offered?.includes(value) ?? false) ? value : null
  }
}

/**
 * `factor` times the current value, inside the search range. `bytesEach` is what one unit of the knob may cost in memory.
 * A special value such as "no limit" is left alone.
 */
export function times(factor: number, bytesEach = 0): Propose {
  return (current, { type }, { host }) => {
    if (type.kind !== 'integer' || typeof current !== 'number' || type.special.some(({ value }) => value === current)) return null
    const { min, max } = type.search ?? type.safe
    const affordable = bytesEach > 0 && host ? Math.floor((MEMORY_SHARE * host.memory_bytes) / bytesEach) : max
    const next = onGrid(Math.min(Math.max(current * factor, min), max, affordable), type)
    return next > current ? next : null
  }
}

/** The current value divided by `divisor`, inside the search range. */
export function divided(divisor: number): Propose {
  return (current, { type }) => {
    if (type.kind !== 'integer' || typeof current !== 'number' || type.special.some(({ value }) => value === current)) return null
    const { min, max } = type.search ?? type.safe
    const next = onGrid(Math.max(Math.min(current / divisor, max), min), type)
    return next < current ? next : null
  }
}

function onGrid(value: number, { search }: Extract<Knob['type'], { kind: 'integer' }>): number {
  if (search?.scale !== 'linear') return Math.round(value)
  return search.min + Math.floor((value - search.min) / search.step) * search.step
}

/** The lower of two proposals, or the one that there is. */
export function lesser(one: Propose, other: Propose): Propose {
  return (current, knob, scene) => {
    const values = [one(current, knob, scene), other(current, knob, scene)].filter((value) => typeof value === 'number')
    return values.length > 0 ? Math.min(...values) : null
  }
}

/** What `first` proposes, but never below what is proposed for, or stands in, another knob. */
export function notBelow(other: KnobName, first: Propose, forOther: Propose): Propose {
  return (current, knob, scene) => {
    const own = first(current, knob, scene) ?? current
    const floor = proposed(other, forOther, scene) ?? scene.current(other)
    return typeof own === 'number' && typeof floor === 'number' ? Math.max(own, floor) : own
  }
}

/** A part of what is proposed for another knob, where something is. */
export function partOf(other: KnobName, part: number, forOther: Propose): Propose {
  return (_current, _knob, scene) => {
    const whole = proposed(other, forOther, scene)
    return typeof whole === 'number' ? Math.floor(whole * part) : null
  }
}

function proposed(name: KnobName, propose: Propose, scene: Scene): KnobValue | null {
  const knob = scene.knob(name)
  const current = scene.current(name)
  return knob && current !== undefined ? propose(current, knob, scene) : null
}

/** Each number of a vector times `factor`, inside its safe bounds; `bytesEach` as for one number. */
export function timesEach(factor: number, bytesEach = 0): Propose {
  return (current, { type }, { host }) => {
    if (type.kind !== 'vector' || typeof current !== 'object') return null
    const largest = Math.max(...current)
    const affordable = bytesEach > 0 && host ? (MEMORY_SHARE * host.memory_bytes) / bytesEach / largest : factor
    const scale = Math.min(factor, affordable)
    if (scale <= 1) return null
    return type.fields.map(({ safe }, index) => Math.min(Math.max(Math.floor((current[index] ?? 0) * scale), safe.min), safe.max))
  }
}

/** Enough for 10 Gbit/s over a round trip of 50 ms. */
const LARGEST_BUFFER_BYTES = 64 * 1024 * 1024

/** A buffer vector (min, default, max): the largest times `factor`, the others brought inside their safe bounds only. */
export function largerBuffers(factor: number): Propose {
  return (current, { type }, { host }) => {
    if (type.kind !== 'vector' || typeof current !== 'object' || current.length !== 3) return null
    const [least = 0, usual = 0, most = 0] = current.map((number, index) => Math.max(number, type.fields[index]?.safe.min ?? number))
    // One socket of many: a sixty-fourth of the memory is plenty.
    const affordable = host ? Math.floor(host.memory_bytes / 64) : LARGEST_BUFFER_BYTES
    const larger = Math.min(most * factor, type.fields[2]?.safe.max ?? most, affordable, LARGEST_BUFFER_BYTES)
    return larger > most || least !== current[0] || usual !== current[1] ? [least, usual, Math.max(larger, most)] : null
  }
}
