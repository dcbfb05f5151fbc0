import { formatValue, sameValue } from '@semantos/core'
import type { Beginning } from './fingerprint.js'

const NAMES = {
  workload: 'the workload',
  config: 'the config',
  seed: 'the seed',
  goal: 'the goal',
  slo_p95_ms: 'the p95 to keep, in ms,',
  knobs: 'what may be tried',
  min_effect_pct: 'the smallest effect, in percent,',
  alpha: 'the false-alarm level',
  settle_ms: 'the settling time, in ms,',
  guard_tolerance_pct: 'the tolerance of guard metrics, in percent,',
  kernel: 'the kernel',
  boot_id: 'the boot',
} as const satisfies Partial<Record<keyof Beginning, string>>

/** More than these values are counted, not named. */
const MOST_VALUES = 4

/** What keeps a tune that began so from being gone on with so: one phrase each; none where nothing does. */
export function differences(then: Beginning, now: Beginning): string[] {
  const scalars = Object.entries(NAMES).flatMap(([field, name]) => {
    const [old, present] = [fieldOf(then, field), fieldOf(now, field)]
    return old === present ? [] : [`${name} was ${old} and is ${present}`]
  })
  const named = then.asked === now.asked ? [] : [`knobs were ${then.asked ? '' : 'not '}named for it and are ${now.asked ? '' : 'not '}named now`]
  return [...scalars, ...named, ...softwareApart(then.software, now.software), ...budgetsApart(then.budget, now.budget), ...valuesApart(then.baseline, now.baseline)]
}

function fieldOf(beginning: Readonly<Record<string, unknown>>, field: string): string {
  return String(beginning[field])
}

/** The order counts as well: it is that in which reasoners revise. */
function softwareApart(then: Beginning['software'], now: Beginning['software']): string[] {
  const gone = then.filter((one) => !now.includes(one))
  const come = now.filter((one) => !then.includes(one))
  if (gone.length + come.length === 0) return then.join() === now.join() ? [] : ['the plugins stand in another order']
  return [`the software had ${gone.join(', ') || 'no others'} and has ${come.join(', ') || 'none in their place'}`]
}

/** A larger budget goes on where the smaller one ended; a smaller one would have spent its trials otherwise. */
function budgetsApart(then: Beginning['budget'], now: Beginning['budget']): string[] {
  const less = (limit: number | null, before: number | null) => (limit ?? Number.POSITIVE_INFINITY) < (before ?? Number.POSITIVE_INFINITY)
  return less(now.trials, then.trials) || less(now.ms, then.ms) ? [`the budget was ${budgetText(then)} and is ${budgetText(now)}, and may only grow`] : []
}

function budgetText({ trials, ms }: Beginning['budget']): string {
  return [...(trials === null ? [] : [`${trials} trials`]), ...(ms === null ? [] : [`${ms / 1000} s`])].join(' in ') || 'without limit'
}

/** A device that has come or gone takes no value from the others. */
function valuesApart(then: Beginning['baseline'], now: Beginning['baseline']): string[] {
  const changed = Object.entries(then).flatMap(([knob, value]) => {
    const present = now[knob]
    return present === undefined || sameValue(value, present) ? [] : [`${knob} was ${formatValue(value)} and is ${formatValue(present)}`]
  })
  const more = changed.length - MOST_VALUES
  return more > 0 ? [...changed.slice(0, MOST_VALUES), `${more} more values are others`] : changed
}
