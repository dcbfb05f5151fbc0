import type { Knob } from '@semantos/core'
import { areMagnitudes } from './bounded-changes.js'
import { DIRTY_KNOBS } from './dirty-limits.js'
import type { Limit } from './limits.js'
import { MEMORY_LIMITS } from './no-oom.js'
import { TURN_LIMITS } from './no-starvation.js'
import type { Options } from './options.js'
import { ORDERS } from './relations.js'

/** What holds a knob, in words and with the bounds as they are set: for `semantos explain`. */
export function notesOn({ name, type }: Knob, options: Options): string[] {
  const own = options.bounds[name]
  const held = (guardrail: Options['guardrails'][number], limits: readonly Limit[]) =>
    options.guardrails.includes(guardrail) ? limits.filter(({ knobs }) => knobs.includes(name)).map((limit) => `${guardrail}: ${inWords(limit, options)}`) : []
  return [
    ...(own ? [`bounds: ${own.min}..${own.max}, as configured`] : []),
    ...ORDERS.filter(({ lower }) => lower === name).map(({ upper }) => `relation: at most ${upper}`),
    ...ORDERS.filter(({ upper }) => upper === name).map(({ lower }) => `relation: at least ${lower}`),
    ...(DIRTY_KNOBS.some((knob) => knob === name) ? ['relation: the background limit of dirty pages is at most the other'] : []),
    ...(options.guardrails.includes('bounded_changes') && areMagnitudes(type) ? [`bounded_changes: at most ${options.max_factor} times larger or smaller in one step`] : []),
    ...held('no_oom', MEMORY_LIMITS),
    ...held('no_starvation', TURN_LIMITS),
  ]
}

function inWords({ what, side, format, bound }: Limit, options: Options): string {
  return `${what} is ${side} ${format(bound(options))}`
}
