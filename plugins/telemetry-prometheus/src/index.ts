import { definePlugin, messageOf, type MetricDraft, type MissingDraft } from '@semantos/core'
import { type Found, ask } from './ask.js'
import { readHeaders } from './headers.js'
import { Options } from './options.js'

export const prometheus = definePlugin({
  name: '@semantos/telemetry-prometheus',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options: Options,
  setup({ hooks }, { url, queries, headers_env: variables, window_s: windowS, timeout_ms: timeoutMs }) {
    const logged = new Set<string>()

    async function find(name: string, query: string, seconds: number, signal: AbortSignal): Promise<Found> {
      const headers = readHeaders(variables, process.env)
      return ask({ url, headers, timeoutMs }, { name, query: query.replaceAll('$window', `${seconds}s`) }, signal)
    }

    hooks.collect.tapPromise('ask', async (snapshot, { signal }) => {
      await Promise.all(Object.entries(queries).map(async ([name, { query, unit }]) => {
        const found = await find(name, query, windowS, signal)
        if ('value' in found) snapshot.add({ name, value: found.value, unit })
        else snapshot.missing({ name, reason: found.reason })
      }))
    })

    hooks.watch.tapPromise('ask', (watch, { signal, log }) => {
      const started = performance.now()
      watch.atEnd(async () => {
        const seconds = Math.max(1, Math.ceil((performance.now() - started) / 1000))
        const metrics: MetricDraft[] = []
        // A trial does not fail for want of a metric, and has no place to say so: the operator is told, once.
        const missing = ({ name, reason }: MissingDraft) => {
          const words = `${name}: ${reason}`
          if (!logged.has(words)) log(words)
          logged.add(words)
        }
        await Promise.all(Object.entries(queries).map(async ([name, { query, unit }]) => {
          const found = await find(name, query, seconds, signal).catch((error: unknown) => ({ reason: messageOf(error) }))
          signal.throwIfAborted()
          if ('value' in found) metrics.push({ name, value: found.value, unit })
          else missing({ name, reason: found.reason })
        }))
        return metrics
      })
    })
  },
})

export default prometheus
