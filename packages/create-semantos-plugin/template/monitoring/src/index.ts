import { definePlugin, type Look, z } from '@semantos/core'
import { median } from '@semantos/stats'

/** Takes a step back when the median p95 of its trials is worse than before by more than an operator accepts. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'monitoring',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ max_worse_pct: z.number().min(0).max(1000).default(10) }),
  setup({ hooks }, { max_worse_pct }) {
    hooks.observe.tapPromise('p95', (observations, { before, after }) => {
      if (before.trials.length > 0 && after.trials.length > 0) observations.add({ name: 'example.p95_ms', unit: 'ms', before: p95(before), after: p95(after) })
    })
    hooks.judge.tapPromise('p95', (previous, { before, after }) => {
      if (before.trials.length === 0 || after.trials.length === 0) return previous
      const worsePct = 100 * (p95(after) / p95(before) - 1)
      if (worsePct <= max_worse_pct) return { ...previous, reasons: [...previous.reasons, `p95 changed by ${worsePct.toFixed(1)}%`] }
      return { decision: 'roll back' as const, reasons: [`p95 is worse by ${worsePct.toFixed(1)}%, more than ${max_worse_pct}%`] }
    })
  },
})

function p95({ trials }: Look): number {
  return median(trials.map(({ latency }) => latency.p95_ms))
}
