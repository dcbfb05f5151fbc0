import { tracingChannel } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import type { HookEvent } from '../kernel/call.js'
import { messageOf } from '../kernel/errors.js'
import { tell } from './print.js'

interface Span extends HookEvent {
  readonly startUs: number
  durationUs: number
}

/** Most changes named in one line of the tree. */
const NAMED_CHANGES = 6

/** Listens to `semantos:hook` from now on. */
export function startTrace() {
  const spans: Span[] = []
  const open = new Map<HookEvent, Span>()
  const channel = tracingChannel<unknown, HookEvent>('semantos:hook')
  const handlers = {
    start: (event: HookEvent) => {
      const span = { ...event, startUs: performance.now() * 1000, durationUs: 0 }
      open.set(event, span)
      spans.push(span)
    },
    asyncEnd: (event: HookEvent) => {
      const span = open.get(event)
      if (!span) return
      span.durationUs = performance.now() * 1000 - span.startUs
      if (event.error !== undefined) span.error = event.error
      open.delete(event)
    },
    end: () => undefined,
    asyncStart: () => undefined,
    error: () => undefined,
  }
  channel.subscribe(handlers)
  return {
    finish: (options: { readonly trace?: boolean; readonly traceJson?: string }) => {
      channel.unsubscribe(handlers)
      if (options.trace) tell(tree(spans))
      if (options.traceJson !== undefined) writeFileSync(options.traceJson, JSON.stringify(chromeEvents(spans)))
    },
  }
}

/** A line a hook, and below it a line a tap; runs of the same hook are one line with their count. */
function tree(spans: readonly Span[]): string {
  const lines: string[] = []
  for (const group of consecutive(spans, (span) => span.hook)) {
    const taps = new Map<string, Span[]>()
    for (const span of group) taps.set(`${span.plugin}#${span.tap}`, [...(taps.get(`${span.plugin}#${span.tap}`) ?? []), span])
    lines.push(`${group[0]?.hook ?? ''}  ${ms(group)}`)
    const last = [...taps.keys()].at(-1)
    for (const [tap, runs] of taps) lines.push(`${tap === last ? '└─' : '├─'} ${tap}${runs.length > 1 ? ` ×${runs.length}` : ''}  ${ms(runs)}${changes(runs)}`)
  }
  return `${lines.join('\n')}\n`
}

function consecutive(spans: readonly Span[], key: (span: Span) => string): Span[][] {
  const groups: Span[][] = []
  for (const span of spans) {
    const group = groups.at(-1)
    if (group?.[0] && (key(group[0]) === key(span) || isTrialLoop(group[0].hook, span.hook))) group.push(span)
    else groups.push([span])
  }
  return groups
}

/** `measure` and `trial` alternate by the thousand; they read best as one. */
function isTrialLoop(a: string, b: string): boolean {
  const loop = new Set(['measure', 'trial'])
  return loop.has(a) && loop.has(b)
}

function ms(spans: readonly Span[]): string {
  return `${(spans.reduce((sum, span) => sum + span.durationUs, 0) / 1000).toFixed(2)} ms`
}

function changes(spans: readonly Span[]): string {
  const failure = spans.find((span) => span.error !== undefined)
  if (failure) return `  failed: ${messageOf(failure.error)}`
  const changed = spans.flatMap((span) => span.changed)
  if (changed.length === 0) return ''
  const more = changed.length > NAMED_CHANGES ? ` and ${changed.length - NAMED_CHANGES} more` : ''
  return `  ${changed.slice(0, NAMED_CHANGES).join(', ')}${more}`
}

/** https://chromium.googlesource.com/catapult: complete events ("ph": "X"), times in microseconds. */
function chromeEvents(spans: readonly Span[]) {
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
