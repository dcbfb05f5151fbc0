import type { KnobRef } from '@semantos/core'

/** A recommendation as a good model writes it. */
export function item(knob: KnobRef, value: unknown, part: Readonly<Record<string, unknown>> = {}) {
  return { knob, value, rationale: 'Latency is above its limit.', expected: { metric: 'p95_ms', change_pct: -5 }, cues: ['p95_ms'], evidence: [], ...part }
}

export function answer(...recommendations: readonly unknown[]): string {
  return JSON.stringify({ recommendations })
}
