import { definePlugin, type Plan, type Situation, z } from '@semantos/core'
import { mount, type Mounted } from '@semantos/plugin-kit'
import reasoningLlm from '../src/index.js'
import { NO_PLAN, type Scene, subjectOf } from './subject.js'

export type LlmOptions = NonNullable<Parameters<typeof reasoningLlm>[0]>

export interface Asked {
  readonly plan: Plan
  readonly advice: readonly string[]
  readonly logged: readonly string[]
  readonly ms: number
}

/** Another reasoner, whose plan stands before the model is asked. */
const before = (plan: Plan) =>
  definePlugin({
    name: 'rules',
    stage: 'reasoning',
    api: 1,
    options: z.strictObject({}),
    setup: ({ hooks }) => hooks.reason.tapPromise('plan', () => plan),
  })()

export function mountLlm(options: LlmOptions, plan: Plan = NO_PLAN, base?: string): Promise<Mounted> {
  return mount([before(plan), reasoningLlm(options)], { timeLimitMs: 60_000, ...(base === undefined ? {} : { paths: { base } }) })
}

export function situationIn(kit: Mounted, scene: Scene = {}): Situation {
  return { ...kit.cycle, ...subjectOf(scene) }
}

/** What becomes of a plan once the plugin was asked, in a kernel of its own. */
export async function askPlugin(options: LlmOptions, { plan = NO_PLAN, base, ...scene }: Scene & { readonly plan?: Plan; readonly base?: string } = {}): Promise<Asked> {
  await using kit = await mountLlm(options, plan, base)
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  const began = performance.now()
  const revised = await kit.kernel.hooks.reason.run(NO_PLAN, situationIn(kit, scene))
  return { plan: revised, advice: revised.advice.map(({ text }) => text), logged: [...kit.logged], ms: performance.now() - began }
}

/** A plan as `knob=value` pairs. */
export function valuesOf({ recommendations }: Plan): string[] {
  return recommendations.map(({ knob, value }) => `${knob}=${String(value)}`)
}
