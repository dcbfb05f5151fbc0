import { judgePlan } from '../cycle/judge-plan.js'
import { resultingValues } from '../cycle/knobs.js'
import { formatValue, type Setting, type Situation } from '@semantos/core'
import type { Arm } from './arm.js'
import type { Bench } from './bench.js'
import type { Candidate } from './candidate.js'
import { ownProposal } from './guess.js'

/**
 * Why a guard, or the catalogue, rules a candidate out; null where none does. `from` is what has been tried on the way to it: a step is judged
 * from where the one before it has been seen to work, so that a value far away is reached as the guard wants it, in steps.
 */
export async function ruledOut(bench: Bench, situation: Situation, incumbent: Arm, candidate: Candidate, from: readonly Setting[] = []): Promise<string | null> {
  const unjudged = candidate.settings.find(({ knob }) => bench.cycle.catalogue.get(knob)?.automatic === false)
  if (unjudged) return `a trial does not show what ${unjudged.knob} is for`
  const chosen = new Map([...incumbent.settings, ...candidate.settings].map(({ knob, value }) => [knob, value]))
  const recommendations = [...chosen].map(([knob, value]) => ownProposal(knob, value, 'tried by the tuner', candidate.uncertainty))
  const plan = { recommendations, advice: [] }
  const current = standingAt(situation.current, [...incumbent.settings, ...from])
  const verdict = await judgePlan(bench.kernel, { ...situation, current, plan, resulting: resultingValues(bench.state, plan) }, bench.scope)
  return verdict.allowed ? null : verdict.violations.map(({ rule, message }) => `${rule}: ${message}`).join('; ')
}

function standingAt(readings: Situation['current'], settings: readonly Setting[]): Situation['current'] {
  const standing = new Map(readings)
  for (const { knob, value } of settings) {
    const reading = readings.get(knob)
    if (reading?.status === 'present') standing.set(knob, { ...reading, value, text: formatValue(value) })
  }
  return standing
}
