import type { Edge } from '@semantos/core'

const DAY_MS = 86_400_000

/**
 * The edge as it weighs now: what was measured loses weight by gamma a day (the SemantOS paper's gamma^t), what documentation says
 * has no date and does not. A date in the future counts as now.
 */
export function aged(edge: Edge, now: Date, gammaPerDay: number): Edge {
  if (edge.updated === null) return edge
  const days = Math.max(0, (now.getTime() - Date.parse(edge.updated)) / DAY_MS)
  return { ...edge, weight: rounded(edge.weight * gammaPerDay ** days) }
}

/** To a thousandth: nobody knows a weight better. */
export function rounded(weight: number): number {
  return Math.round(weight * 1000) / 1000
}
