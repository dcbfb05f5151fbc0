import { type Arm, definePlugin, type Evaluation, z } from '@semantos/core'
import { mannWhitney, median } from '@semantos/stats'

/** The median p95 of the tuned trials against that of the baseline, with the p value of Mann and Whitney's test. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'evaluation',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ alpha: z.number().gt(0).lt(1).default(0.05) }),
  setup({ hooks }, { alpha }) {
    let p95s: Record<Arm, number[]> = { baseline: [], tuned: [] }
    hooks.start.tapPromise('begin', () => {
      p95s = { baseline: [], tuned: [] }
    })
    hooks.trial.tapPromise('gather', ({ arm, latency }) => void p95s[arm].push(latency.p95_ms))
    hooks.evaluate.tapPromise('compare', (previous): Evaluation => {
      const { baseline, tuned } = p95s
      if (baseline.length === 0 || tuned.length === 0) return previous
      const [before, after] = [median(baseline), median(tuned)]
      const { p: pValue } = mannWhitney(baseline, tuned)
      const verdict = pValue >= alpha ? 'inconclusive' : after < before ? 'better' : 'worse'
      return {
        trials: baseline.length + tuned.length,
        baseline_p95_ms: before,
        tuned_p95_ms: after,
        improvement_pct: before > 0 ? 100 * (1 - after / before) : null,
        interval_pct: null,
        p_value: pValue,
        verdict,
        words: `${verdict}: the median p95 went from ${before.toFixed(1)} to ${after.toFixed(1)} ms`,
      }
    })
  },
})
