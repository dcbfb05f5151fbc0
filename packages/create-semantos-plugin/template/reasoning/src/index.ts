import { definePlugin, KnobRef, KnobValue, metricValue, MOST_RECOMMENDATIONS, type RecommendationDraft, z } from '@semantos/core'

/** Recommends one value while the objective is missed, behind what the reasoners before it recommend. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'reasoning',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ knob: KnobRef.default('kernel.sched_wakeup_granularity_ns'), value: KnobValue.default(3_000_000) }),
  setup({ hooks }, { knob, value }) {
    hooks.reason.tapPromise('recommend', (plan, { snapshot, slo, current }) => {
      const p95 = metricValue(snapshot, 'p95_ms')
      const full = plan.recommendations.length >= MOST_RECOMMENDATIONS
      const taken = plan.recommendations.some((recommendation) => recommendation.knob === knob)
      if (p95 === undefined || p95 <= slo.p95_ms || full || taken || current.get(knob)?.status !== 'present') return plan
      const recommendation: RecommendationDraft = {
        knob,
        value,
        rationale: 'the objective is missed',
        cues: [{ metric: 'p95_ms', value: p95, because: `above the objective (${slo.p95_ms})` }],
        expected: { metric: 'p95_ms', change_pct: -1 },
        uncertainty: 0.4,
      }
      return { ...plan, recommendations: [...plan.recommendations, recommendation] }
    })
  },
})
