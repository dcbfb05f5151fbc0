import { setTimeout as sleep } from 'node:timers/promises'
import { definePlugin, z } from '@semantos/core'
import { openFacts } from './facts.js'
import { openSampler } from './sampler.js'

export { type CounterSample, type Folders, type Sampler, openSampler } from './sampler.js'
export type { Rates } from './rates.js'

const Folder = z.string().regex(/^\/[^\0]*$/, { error: 'must be an absolute path under the root, such as /proc' })

const options = z.strictObject({
  /** How long counters are watched to become rates. */
  window_ms: z.int().min(10).max(600_000).default(1000),
  procfs: Folder.default('/proc'),
  sysfs: Folder.default('/sys'),
})

export const procfs = definePlugin({
  name: '@semantos/telemetry-procfs',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options,
  setup({ hooks, host }, { window_ms: windowMs, ...folders }) {
    const sampler = openSampler(host, folders)
    const facts = openFacts(host, folders)
    hooks.collect.tapPromise('read', async (snapshot, { signal }) => {
      const before = sampler.sample()
      await sleep(windowMs, undefined, { signal })
      const { metrics, missing } = sampler.rates(before, sampler.sample())
      for (const metric of metrics) snapshot.add(metric)
      for (const metric of missing) snapshot.missing(metric)
      snapshot.describe(facts())
    })
    hooks.watch.tapPromise('count', (watch) => {
      const before = sampler.sample()
      watch.atEnd(() => sampler.rates(before, sampler.sample()).metrics)
    })
  },
})

export default procfs
