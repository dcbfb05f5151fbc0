import { definePlugin } from '@semantos/core'
import { judge } from './judge.js'
import { observe } from './observe.js'
import { Options } from './options.js'

/** Looks after each rollout step: does the service still meet its objective, and is it no worse than before? */
export default definePlugin({
  name: '@semantos/monitoring-slo',
  stage: 'monitoring',
  api: 1,
  from: import.meta.url,
  options: Options,
  setup(kernel, options) {
    kernel.hooks.observe.tapPromise('before-and-after', (observations, step) => {
      for (const observation of observe(step, options)) observations.add(observation)
    })
    kernel.hooks.judge.tapPromise('slo', (previous, step) => judge(previous, step, options))
  },
})
