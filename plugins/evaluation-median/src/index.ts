import { type Arm, definePlugin, z } from '@semantos/core'
import { judge } from './judge.js'
import { Samples } from './samples.js'

const Percent = z.number().min(0).max(100)

/** Compares the median p95 of the baseline trials with that of the tuned ones: percent, interval, p value, and a verdict in words. */
export default definePlugin({
  name: '@semantos/evaluation-median',
  stage: 'evaluation',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    min_effect_pct: Percent.default(1),
    no_difference_pct: Percent.default(1),
    resamples: z.int().min(100).max(1_000_000).default(2000),
  }),
  setup(kernel, options) {
    const p95sMs = kernel.perRun((): Record<Arm, Samples> => ({ baseline: new Samples(), tuned: new Samples() }))

    kernel.hooks.trial.tapPromise('gather', (trial, context) => p95sMs(context)[trial.arm].push(trial.latency.p95_ms))
    kernel.hooks.evaluate.tapPromise('compare', (_previous, context) => {
      const { baseline, tuned } = p95sMs(context)
      return judge(baseline.values, tuned.values, options, context.random('bootstrap'))
    })
  },
})
