import type { Span } from './spans.js'

/** https://chromium.googlesource.com/catapult: complete events ("ph": "X"), times in microseconds, a row a plugin. */
export function chromeEvents(spans: readonly Span[]) {
  const plugins = [...new Set(spans.map((span) => span.plugin))]
  return {
    displayTimeUnit: 'ms',
    traceEvents: [
      ...plugins.map((name, index) => ({ ph: 'M', name: 'thread_name', pid: 1, tid: index + 1, args: { name } })),
      ...spans.map((span) => ({
        ph: 'X', cat: span.hook, name: `${span.hook} ${span.tap}`, pid: 1, tid: plugins.indexOf(span.plugin) + 1,
        ts: Math.round(span.startUs), dur: Math.round(span.durationUs), args: { changed: span.changed },
      })),
    ],
  }
}
