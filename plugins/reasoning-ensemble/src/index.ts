import { type Advice, definePlugin, MOST_RECOMMENDATIONS, type Plan, type PlanDraft } from '@semantos/core'
import { askAll } from './ask.js'
import { type Member, memberOf } from './member.js'
import { type Voter, merge } from './merge.js'
import { Options } from './options.js'

/** What the contract allows in a plan's advice. */
const MOST_ADVICE = 1000

/** Asks several reasoners about the same situation: who agrees makes a recommendation surer, who does not makes it less sure. */
export default definePlugin({
  name: '@semantos/reasoning-ensemble',
  stage: 'reasoning',
  api: 1,
  from: import.meta.url,
  options: Options,
  async setup(kernel, options) {
    const members: Member[] = []
    for (const plugin of options.reasoners) members.push(await memberOf(plugin, kernel))

    kernel.hooks.reason.tapPromise('compare', async (plan, situation): Promise<PlanDraft> => {
      const answers = await askAll(members, situation, options.deadline_ms)
      const heard = answers.flatMap((answer): Voter[] => ('plan' in answer ? [answer] : []))
      const silent = answers.flatMap((answer) => ('failure' in answer ? [answer] : []))
      const [first] = silent
      if (first && heard.length === 0) throw first.failure
      for (const { id, failure } of silent) situation.log(`${id} says nothing: ${failure.message}`)

      const { recommendations, notes } = merge([...votersOf(plan), ...heard], situation.current, options)
      const failures = silent.map(({ id, failure }) => `${id} said nothing: ${failure.message}`)
      return {
        recommendations: recommendations.slice(0, MOST_RECOMMENDATIONS),
        advice: once([...plan.advice, ...heard.flatMap((voter) => voter.plan.advice), ...[...failures, ...notes].map(asAdvice)]).slice(0, MOST_ADVICE),
      }
    })
  },
})

/** Those whose plan stands already, each with its own. */
function votersOf({ recommendations }: Plan): Voter[] {
  const ids = [...new Set(recommendations.map(({ proposed_by }) => proposed_by))]
  return ids.map((id) => ({ id, plan: { recommendations: recommendations.filter(({ proposed_by }) => proposed_by === id), advice: [] } }))
}

function asAdvice(text: string): Advice {
  return { symptom: 'reasoners compared', text: text.slice(0, 2000), cues: [] }
}

function once(advice: readonly Advice[]): Advice[] {
  return [...new Map(advice.map((each) => [`${each.symptom}\n${each.text}`, each])).values()]
}
