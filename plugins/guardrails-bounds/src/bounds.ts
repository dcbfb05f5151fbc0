import { type Knob, type KnobValue, refuses } from '@semantos/core'
import type { Options } from './options.js'
import { type Rule, show, violation } from './rule.js'

/** Each knob of the plan has been read, and is given a value inside its bounds. Unknown knobs and values of another type are refused by the kernel itself. */
export const bounds: Rule = function* ({ plan, current, catalogue }, options) {
  for (const name of Object.keys(options.bounds)) {
    if (catalogue.get(name)) continue
    yield violation('options', null, `the option bounds names ${name}, which is not in the catalogue`, nearest(catalogue.similar(name)))
  }
  for (const { knob: ref, value } of plan.recommendations) {
    const knob = catalogue.get(ref)
    if (!knob) continue
    if (!current.has(ref)) {
      const fix = `Name a device that the host has, or add an applier for ${knob.where.interface} knobs.`
      yield violation('unread_knob', ref, `${ref} has not been read, so what the change would do cannot be judged`, fix)
    }
    yield* inBounds(ref, knob, value, options.bounds[knob.name])
  }
}

function* inBounds(ref: string, knob: Knob, value: KnobValue, own: Options['bounds'][string] | undefined) {
  const refusal = refuses(knob, value, own ? 'range' : 'safe')
  if (refusal?.rule === 'type') return
  if (refusal) {
    yield violation('bounds', ref, refusal.message, `Choose a value for ${ref} in ${refusal.bound}.`)
  } else if (own) {
    const outside = numbersOf(value).find((number) => number < own.min || number > own.max)
    if (outside === undefined) return
    const range = `${own.min}..${own.max}`
    yield violation('bounds', ref, `${ref} = ${show(value)} is outside the configured bounds, ${range}`, `Choose a value for ${ref} in ${range}, or change the option bounds.`)
  }
}

function numbersOf(value: KnobValue): readonly number[] {
  if (typeof value === 'object') return value
  return typeof value === 'number' ? [value] : []
}

function nearest(names: readonly string[]): string {
  return names.length > 0 ? `Use a knob of the catalogue; near ones are ${names.join(', ')}.` : 'Use a knob of the catalogue: semantos explain NAME shows near ones.'
}
