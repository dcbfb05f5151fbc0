import { definePlugin } from '@semantos/core'
import { readKnobs } from './knobs.js'
import { Options } from './options.js'
import { requestsOf, runTrial } from './trial.js'

export { INTERACTIONS, type Interaction } from './interactions.js'
export { KNOB_DEFAULTS, type ModelKnob } from './knobs.js'

/** A causal model of a Linux host: knobs as applied -> queues, stalls and drops -> request latencies -> percentiles. */
export default definePlugin({
  name: '@semantos/workload-synthetic',
  stage: 'workload',
  api: 1,
  from: import.meta.url,
  options: Options,
  setup(kernel, options) {
    const requests = requestsOf(options)
    kernel.hooks.measure.tapPromise('simulate', ({ arm, index, knobs }, context) =>
      runTrial(requests, readKnobs(knobs), options, context.random(`trial/${arm}/${index}`)),
    )
  },
})
