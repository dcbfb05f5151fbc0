import { formatValue, type PlanFile, type Reading, sameValue, SemantosError, splitRef } from '@semantos/core'
import type { EngineParts } from '../run/engine-run.js'
import { hostOf } from './plan-file.js'

/** Refuses a plan of another config where this one's scope and appliers do not reach its knobs. */
export function mustReach(file: string, plan: PlanFile, { kernel, config }: EngineParts, readings: ReadonlyMap<string, Reading>): void {
  if (plan.config === config.file) return
  const scope = new Set(kernel.catalogue.matching(config.knobs).map(({ name }) => name))
  const beyond = plan.changes.map(({ knob }) => knob).filter((knob) => !readings.has(knob) || !scope.has(splitRef(knob).name))
  if (beyond.length === 0) return
  throw new SemantosError('SEMANTOS_E_USAGE', {
    message: `this plan was made with ${plan.config}; ${config.file} does not reach ${beyond.join(', ')}`,
    place: file,
    next: `Add --config ${plan.config}.`,
  })
}

/** Refuses a plan that was made for another host, before a restart, or for values that have changed since. */
export function mustStillFit(file: string, plan: PlanFile, { kernel, place }: EngineParts, readings: ReadonlyMap<string, Reading>, now: Date): void {
  const netns = place.scope?.name ?? null
  if (plan.netns !== netns) {
    const message = `the plan was made for ${spaceOf(plan.netns)}, and is applied to ${spaceOf(netns)}`
    throw new SemantosError('SEMANTOS_E_PLAN_STALE', { message, place: file, next: 'Give --netns as it was given to semantos plan.' })
  }
  if (now.getTime() > Date.parse(plan.expires)) throw new SemantosError('SEMANTOS_E_PLAN_STALE', { message: `the plan expired at ${plan.expires}`, place: file })
  const here = hostOf(kernel.host)
  const moved = [
    ...(here.name === plan.host.name ? [] : [`it was made on ${plan.host.name}, this is ${here.name}`]),
    ...(here.kernel === plan.host.kernel ? [] : [`it was made for kernel ${plan.host.kernel}, this is ${here.kernel}`]),
    ...(here.boot_id === plan.host.boot_id ? [] : ['the host was rebooted since']),
    ...plan.changes.flatMap(({ knob, from }) => {
      const reading = readings.get(knob)
      if (reading?.status === 'present' && sameValue(reading.value, from)) return []
      return [`${knob} was ${formatValue(from)} and is ${reading?.status === 'present' ? formatValue(reading.value) : (reading?.reason ?? 'unclaimed')}`]
    }),
  ]
  if (moved.length > 0) throw new SemantosError('SEMANTOS_E_PLAN_STALE', { message: `the host has changed since the plan was made: ${moved.join('; ')}`, place: file })
}

function spaceOf(netns: string | null): string {
  return netns === null ? "the host's own network namespace" : `the network namespace ${netns}`
}
