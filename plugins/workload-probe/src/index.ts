import { definePlugin, SemantosError } from '@semantos/core'
import { Options } from './options.js'
import { probe } from './probe.js'

/** Watches a live service from outside at a fixed rate, so that a host can be tuned on its real traffic. */
export default definePlugin({
  name: '@semantos/workload-probe',
  stage: 'workload',
  api: 1,
  from: import.meta.url,
  live: true,
  options: Options,
  setup(kernel, options) {
    const closing = new AbortController()
    let underway: Promise<unknown> = Promise.resolve()
    kernel.hooks.measure.tapPromise('probe', async (request, context) => {
      await underway
      const trial = probe(options, request, context, AbortSignal.any([context.signal, closing.signal]))
      underway = trial.catch(() => null)
      return await trial
    })
    kernel.hooks.dispose.tapPromise('stop', async () => {
      closing.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: 'the probe is closed' }))
      await underway
    })
  },
})
