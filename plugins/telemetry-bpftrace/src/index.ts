import { setTimeout as sleep } from 'node:timers/promises'
import { definePlugin } from '@semantos/core'
import { type Report, metricsOf } from './metrics.js'
import { Options } from './options.js'
import type { ProbeName } from './probes.js'
import { type Trace, startTrace } from './trace.js'

export const bpftrace = definePlugin({
  name: '@semantos/telemetry-bpftrace',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options: Options,
  setup({ hooks }, { window_ms: windowMs, histograms, program }) {
    const running = new Set<Trace>()
    const logged = new Set<string>()
    /** Those that could not be had are not started again for each trial. */
    const failed = new Map<ProbeName, Trace>()

    async function stopAll(): Promise<void> {
      await Promise.all([...running].map((trace) => trace.kill()))
      running.clear()
    }

    /** Starts a tracer for each histogram and waits until all count; returns how to end them. The tracers of a trial that failed go first. */
    async function start(signal: AbortSignal): Promise<() => Promise<Report>> {
      await stopAll()
      signal.throwIfAborted()
      const traces = histograms.map((probe) => ({ probe, trace: failed.get(probe) ?? startTrace(program, probe) }))
      for (const { trace } of traces) running.add(trace)
      signal.addEventListener('abort', () => void stopAll(), { once: true })
      const attached = await Promise.all(traces.map(({ trace }) => trace.attached()))
      signal.throwIfAborted()
      for (const [index, { probe, trace }] of traces.entries()) if (attached[index] === false) failed.set(probe, trace)
      return async () => {
        const reports = await Promise.all(traces.map(async ({ probe, trace }) => metricsOf(probe, await trace.end())))
        for (const { trace } of traces) running.delete(trace)
        return { metrics: reports.flatMap(({ metrics }) => metrics), missing: reports.flatMap(({ missing }) => missing) }
      }
    }

    hooks.collect.tapPromise('trace', async (snapshot, { signal }) => {
      const end = await start(signal)
      await sleep(windowMs, undefined, { signal })
      const { metrics, missing } = await end()
      for (const metric of metrics) snapshot.add(metric)
      for (const metric of missing) snapshot.missing(metric)
    })
    hooks.watch.tapPromise('trace', async (watch, { signal, log }) => {
      const end = await start(signal)
      watch.atEnd(async () => {
        const { metrics, missing } = await end()
        // A trial has no place for what is missing: the operator is told, once.
        for (const reason of new Set(missing.map((each) => each.reason))) {
          if (!logged.has(reason)) log(reason)
          logged.add(reason)
        }
        return metrics
      })
    })
    hooks.dispose.tapPromise('stop', stopAll)
  },
})

export default bpftrace
