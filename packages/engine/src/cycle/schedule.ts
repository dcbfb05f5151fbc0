import { type Change, type Plan, SemantosError, type Situation, type Step } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'

/** Steps over the knobs that really change. Every change stands in exactly one step, or nothing is applied. */
export async function schedule(kernel: Kernel, situation: Situation, plan: Plan, changes: readonly Change[]): Promise<readonly Step[]> {
  const changing = new Set(changes.map(({ knob }) => knob))
  const reduced = { ...plan, recommendations: plan.recommendations.filter(({ knob }) => changing.has(knob)) }
  const steps = (await kernel.hooks.schedule.run(reduced, situation)) ?? []
  const scheduled = steps.flatMap(({ knobs }) => knobs)
  const wrong = [
    ...[...changing].filter((knob) => !scheduled.includes(knob)).map((knob) => `${knob} is in no step`),
    ...scheduled.filter((knob, index) => scheduled.indexOf(knob) !== index).map((knob) => `${knob} is there twice`),
    ...scheduled.filter((knob) => !changing.has(knob)).map((knob) => `${knob} does not change`),
  ]
  if (wrong.length === 0) return steps
  const plugin = [...new Set(kernel.hooks.schedule.taps.map((tap) => tap.plugin))].join(' or ')
  throw new SemantosError('SEMANTOS_E_PLUGIN_OUTPUT', { message: `the rollout does not schedule each change exactly once: ${wrong.join('; ')}`, plugin: plugin || null, hook: 'schedule' })
}
