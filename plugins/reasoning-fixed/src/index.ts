import { definePlugin, formatValue, MOST_RECOMMENDATIONS, type PlanDraft, type RecommendationDraft, z } from '@semantos/core'
import { KnobPattern, Wanted, wishesFor, wishesOn } from './wishes.js'

/** Recommends the values that its options name, and nothing else: a profile as a reasoner. */
export default definePlugin({
  name: '@semantos/reasoning-fixed',
  stage: 'reasoning',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    values: z.record(KnobPattern, Wanted),
    rationale: z.string().min(1).max(1000).default('the config fixes this value'),
    uncertainty: z.number().min(0).max(1).default(0.2),
  }),
  setup(kernel, { values, rationale, uncertainty }) {
    kernel.hooks.reason.tapPromise('recommend', async (plan, situation): Promise<PlanDraft> => {
      const wishes = wishesOn(situation.current, values)
      const recommendations = Array.from(wishes.values, ([knob, value]): RecommendationDraft => ({
        knob,
        value,
        rationale,
        // Nothing was seen that this value answers to, so nothing is promised.
        expected: { metric: 'p95_ms', change_pct: 0 },
        uncertainty,
      }))
      const others = plan.recommendations.filter(({ knob }) => !wishes.values.has(knob)).slice(0, MOST_RECOMMENDATIONS - recommendations.length)
      const advice = wishes.unmatched.map((pattern) => ({ symptom: 'no such device', text: `no device of this host matches ${pattern}` }))
      return { recommendations: [...others, ...recommendations], advice: [...plan.advice, ...advice] }
    })
    kernel.hooks.explain.tapPromise('fixed value', (notes) => {
      for (const [pattern, wanted] of wishesFor(notes.knob, values)) notes.note('fixed', `${pattern} ${inWords(wanted)}: ${rationale}`)
    })
  },
})

function inWords(wanted: Wanted): string {
  if (typeof wanted === 'object' && 'at_least' in wanted) return `at least ${wanted.at_least}`
  if (typeof wanted === 'object' && 'at_most' in wanted) return `at most ${wanted.at_most}`
  return `= ${formatValue(wanted)}`
}
