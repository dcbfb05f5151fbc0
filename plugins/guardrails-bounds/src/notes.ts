import { type Catalogue, type Knob, whyNotAbove } from '@semantos/core'
import { areMagnitudes } from './bounded-changes.js'
import { DIRTY_KNOBS } from './dirty-limits.js'
import type { Limit } from './limits.js'
import { MEMORY_LIMITS } from './no-oom.js'
import { TURN_LIMITS } from './no-starvation.js'
import type { Options } from './options.js'

/** What holds a knob, in words and with the bounds as they are set: for `semantos explain`. */
export function notesOn(knob: Knob, catalogue: Catalogue, options: Options): string[] {
  const { name, type } = knob
  const own = options.bounds[name]
  const held = (guardrail: Options['guardrails'][number], limits: readonly Limit[]) =>
    options.guardrails.includes(guardrail) ? limits.filter(({ knobs }) => knobs.includes(name)).map((limit) => `${guardrail}: ${inWords(limit, options)}`) : []
  return [
    ...(own ? [`bounds: ${own.min}..${own.max}, as configured`] : []),
    ...relationsOf(knob, catalogue),
    ...(options.guardrails.includes('bounded_changes') && areMagnitudes(type) ? [`bounded_changes: at most ${options.max_factor} times larger or smaller in one step`] : []),
    ...held('no_oom', MEMORY_LIMITS),
    ...held('no_starvation', TURN_LIMITS),
  ]
}

function relationsOf({ name, not_above }: Knob, catalogue: Catalogue): string[] {
  if (DIRTY_KNOBS.some((dirty) => dirty === name)) return ['relation: the background limit of dirty pages is at most the other']
  const lower = [...catalogue].filter((other) => whyNotAbove(other, name) !== undefined)
  return [...not_above.map((upper) => `relation: at most ${upper.knob}`), ...lower.map((other) => `relation: at least ${other.name}`)]
}

function inWords({ what, side, format, bound }: Limit, options: Options): string {
  return `${what} is ${side} ${format(bound(options))}`
}
