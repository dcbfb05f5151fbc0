import { definePlugin, SemantosError, z } from '@semantos/core'
import { quantileOfSorted, sorted } from '@semantos/stats'

/** Reads one file of the kernel again and again, and times it. Put what your users wait for in its place. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'workload',
  api: 1,
  from: import.meta.url,
  live: true,
  options: z.strictObject({ path: z.string().startsWith('/').default('/proc/loadavg'), requests: z.int().min(1).max(1_000_000).default(1000) }),
  setup({ hooks, host }, { path, requests }) {
    const file = host.open(path)
    hooks.measure.tapPromise('read', () => {
      const began = performance.now()
      const latenciesMs = sorted(Array.from({ length: requests }, () => timed(() => file.read())))
      const quantile = (share: number) => quantileOfSorted(latenciesMs, share)
      return {
        latency: { p50_ms: quantile(0.5), p95_ms: quantile(0.95), p99_ms: quantile(0.99), max_ms: quantile(1) },
        throughput_per_s: requests / ((performance.now() - began) / 1000),
        requests,
        errors: 0,
        counters: {},
      }
    })

    function timed(read: () => ReturnType<typeof file.read>): number {
      const began = performance.now()
      const answer = read()
      if ('reason' in answer) throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: answer.reason, place: path })
      return performance.now() - began
    }
  },
})
