import { messageOf } from '@semantos/core'
import type { Span } from './spans.js'

/** Most changes named in one line of the tree. */
const NAMED_CHANGES = 6

/** A line a hook, and below it a line a tap; runs of the same hook are one line with their count. */
export function traceTree(spans: readonly Span[]): string {
  const lines: string[] = []
  for (const group of consecutive(spans)) {
    const taps = new Map<string, Span[]>()
    for (const span of group) taps.set(`${span.plugin}#${span.tap}`, [...(taps.get(`${span.plugin}#${span.tap}`) ?? []), span])
    lines.push(`${group[0]?.hook ?? ''}  ${ms(elapsedUs(group))}`)
    const last = [...taps.keys()].at(-1)
    for (const [tap, runs] of taps) lines.push(`${tap === last ? '└─' : '├─'} ${tap}${runs.length > 1 ? ` ×${runs.length}` : ''}  ${ms(spentUs(runs))}${changes(runs)}`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

function consecutive(spans: readonly Span[]): Span[][] {
  const groups: Span[][] = []
  for (const span of spans) {
    const group = groups.at(-1)
    if (group?.[0] && (group[0].hook === span.hook || isTrialLoop(group[0].hook, span.hook))) group.push(span)
    else groups.push([span])
  }
  return groups
}

/** `measure` and `trial` alternate by the thousand; they read best as one. */
function isTrialLoop(a: string, b: string): boolean {
  const loop = new Set(['measure', 'trial'])
  return loop.has(a) && loop.has(b)
}

/** From the first start to the last end: taps of one hook may run side by side. */
function elapsedUs(spans: readonly Span[]): number {
  const ends = spans.map(({ startUs, durationUs }) => startUs + durationUs)
  return ends.reduce((last, end) => Math.max(last, end), 0) - (spans[0]?.startUs ?? 0)
}

/** The runs of one tap follow each other. */
function spentUs(runs: readonly Span[]): number {
  return runs.reduce((sum, { durationUs }) => sum + durationUs, 0)
}

function ms(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(2)} ms`
}

function changes(spans: readonly Span[]): string {
  const failure = spans.find((span) => span.error !== undefined)
  if (failure) return `  failed: ${messageOf(failure.error)}`
  const changed = spans.flatMap((span) => span.changed)
  if (changed.length === 0) return ''
  const more = changed.length > NAMED_CHANGES ? ` and ${changed.length - NAMED_CHANGES} more` : ''
  return `  ${changed.slice(0, NAMED_CHANGES).join(', ')}${more}`
}
