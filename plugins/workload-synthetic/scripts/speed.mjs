// What a trial costs in process CPU time, the kernel's hook included, and that memory stays flat:
// `node --expose-gc scripts/speed.mjs [TRIALS]`.
import { mount } from '@semantos/plugin-kit'
import synthetic from '@semantos/workload-synthetic'

const trials = Number(process.argv[2] ?? 100_000)
const REQUESTS = 400

const kit = await mount(synthetic({ requests: REQUESTS }))
const knobs = new Map()
const megabytes = (bytes) => (bytes / 1e6).toFixed(1)

for (let part = 0; part < 10; part++) {
  const before = process.cpuUsage()
  for (let index = 0; index < trials / 10; index++) {
    await kit.kernel.hooks.measure.run({ index: part * trials + index, arm: 'baseline', knobs, renew: [] }, kit.cycle)
  }
  const { user, system } = process.cpuUsage(before)
  const us = (user + system) / (trials / 10)
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  console.log(`${(part + 1) * (trials / 10)} trials: ${us.toFixed(0)} us a trial, ${((us * 1000) / REQUESTS).toFixed(0)} ns a request, ${megabytes(heapUsed)} MB of heap, ${megabytes(rss)} MB resident`)
}

await kit.kernel.dispose()
