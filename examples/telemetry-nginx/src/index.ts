import { setTimeout as sleep } from 'node:timers/promises'
import { definePlugin, isSemantosError, messageOf, withTimeLimit, z } from '@semantos/core'
import { type StubStatus, metricsOf, parseStubStatus } from './stub-status.js'

/** What nginx says of itself: connections now, and how many it accepts, serves and drops a second. */
export default definePlugin({
  name: '@acme/semantos-telemetry-nginx',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1/nginx_status'),
    /** Time between the two looks that rates come from. */
    window_ms: z.int().min(10).max(20_000).default(1000),
    /** The longest wait for one page. */
    timeout_ms: z.int().min(10).max(20_000).default(2000),
  }),
  setup({ hooks }, { url, window_ms: windowMs, timeout_ms: timeoutMs }) {
    hooks.collect.tapPromise('stub_status', async (snapshot, { signal }) => {
      const first = await look(url, timeoutMs, signal)
      if ('reason' in first) return snapshot.missing({ name: 'nginx', reason: first.reason })
      const start = performance.now()
      await sleep(windowMs, undefined, { signal })
      const second = await look(url, timeoutMs, signal)
      if ('reason' in second) return snapshot.missing({ name: 'nginx', reason: second.reason })
      if (second.accepted < first.accepted) return snapshot.missing({ name: 'nginx', reason: 'nginx was restarted between two looks' })
      for (const metric of metricsOf(first, second, (performance.now() - start) / 1000)) snapshot.add(metric)
    })
  },
})

/** A server that does not answer is a missing metric; one that answers with another page is a mistake in the config. */
async function look(url: string, timeoutMs: number, signal: AbortSignal): Promise<StubStatus | { readonly reason: string }> {
  try {
    return await withTimeLimit(signal, timeoutMs, async (limited) => {
      const response = await fetch(url, { redirect: 'error', signal: limited })
      const text = await response.text()
      return response.status >= 500 ? { reason: `${url} answered ${response.status}` } : parseStubStatus(text, url)
    })
  } catch (error) {
    if (signal.aborted || isSemantosError(error)) throw error
    return { reason: `${url} does not answer: ${messageOf(error instanceof Error && error.cause ? error.cause : error)}` }
  }
}
