import { type KnobName, type RunReport, splitRef, type TuneReport } from '@semantos/core'

export type Pair = readonly [KnobName, KnobName]

/** Knobs that were changed together, in pairs with names in order, and what came of it. */
export interface Outcome {
  readonly run: string
  readonly verdict: 'better' | 'worse'
  readonly pairs: readonly Pair[]
}

/** What a run or a tune says about pairs of knobs. */
export function outcomesOf(report: RunReport | TuneReport): Outcome[] {
  return 'kind' in report ? outcomesOfTune(report) : outcomesOfRun(report)
}

/**
 * What a run says about pairs: better, or worse. Where a step was taken back, the blame lies with the pairs that have a knob of that step; a
 * run that says neither, or changed a single knob, teaches nothing about pairs.
 */
function outcomesOfRun({ run, steps, outcome, evaluation }: RunReport): Outcome[] {
  const applied = steps.map((step) => step.applied.map(({ knob }) => splitRef(knob).name))
  const pairs = pairsOf(applied.flat())
  if (outcome === 'applied' && evaluation.verdict === 'better') return some({ run, verdict: 'better', pairs })
  if (outcome !== 'rolled back') return []
  const last = steps.at(-1)
  const stopped = last?.judgement.decision === 'roll back' ? new Set(last.applied.map(({ knob }) => splitRef(knob).name)) : null
  return some({ run, verdict: 'worse', pairs: stopped ? pairs.filter(([a, b]) => stopped.has(a) || stopped.has(b)) : pairs })
}

/** What a tune says about pairs: each bundle that was proven better or worse than what stood before. */
function outcomesOfTune({ run, comparisons }: TuneReport): Outcome[] {
  return comparisons.flatMap(({ settings, verdict }) => {
    if (verdict !== 'better' && verdict !== 'worse') return []
    return some({ run, verdict, pairs: pairsOf(settings.map(({ knob }) => splitRef(knob).name)) })
  })
}

function pairsOf(knobs: readonly KnobName[]): Pair[] {
  const names = [...new Set(knobs)].sort()
  return names.flatMap((a, index) => names.slice(index + 1).map((b): Pair => [a, b]))
}

function some(outcome: Outcome): Outcome[] {
  return outcome.pairs.length > 0 ? [outcome] : []
}
