// What a sample of every kernel file costs on this host: `npm run bench -- [samples]`, after a build.
import { openSampler } from '@semantos/telemetry-procfs'
import { openHost } from '@semantos/host'

const samples = Number(process.argv[2] ?? 2000)
const host = openHost({ root: '/' })
const sampler = openSampler(host)

/** Median and p99 in microseconds; the first tenth only warms the compiler up. */
function timed(work) {
  const times = []
  for (let index = 0; index < samples; index++) {
    const start = performance.now()
    work()
    times.push((performance.now() - start) * 1000)
  }
  const sorted = times.slice(samples / 10).sort((a, b) => a - b)
  const at = (quantile) => sorted[Math.floor(sorted.length * quantile)].toFixed(0)
  return `median ${at(0.5)} us, p99 ${at(0.99)} us`
}

const first = sampler.sample()
console.log(`sample: ${timed(() => sampler.sample())}`)
const last = sampler.sample()
console.log(`rates:  ${timed(() => sampler.rates(first, last))}`)

const cpu = process.cpuUsage()
for (let index = 0; index < samples; index++) sampler.sample()
const { user, system } = process.cpuUsage(cpu)
console.log(`cpu:    ${((user + system) / samples).toFixed(0)} us a sample (user ${(user / samples).toFixed(0)}, system ${(system / samples).toFixed(0)})`)
console.log(`metrics: ${sampler.rates(first, last).metrics.length}, missing: ${sampler.rates(first, last).missing.length}`)
await host[Symbol.asyncDispose]()
