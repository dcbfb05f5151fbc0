import type { RunReport } from '@semantos/core'
import { type Cell, rounded } from './csv-file.js'

/** The columns of summary.csv, in order: the six of the reproduction kit first. */
const COLUMNS: readonly (readonly [name: string, cell: (report: RunReport) => Cell])[] = [
  ['baseline_p95_ms', ({ evaluation }) => evaluation.baseline_p95_ms],
  ['improvement_pct', ({ evaluation }) => evaluation.improvement_pct],
  ['post_p95_ms', ({ post_p95_ms }) => (post_p95_ms === null ? null : rounded(post_p95_ms))],
  ['regression', isRegression],
  ['trials', ({ evaluation }) => evaluation.trials],
  ['tuned_p95_ms', ({ evaluation }) => evaluation.tuned_p95_ms],
  ['interval_low_pct', ({ evaluation }) => evaluation.interval_pct?.[0] ?? null],
  ['interval_high_pct', ({ evaluation }) => evaluation.interval_pct?.[1] ?? null],
  ['p_value', ({ evaluation }) => evaluation.p_value],
  ['verdict', ({ evaluation }) => evaluation.verdict],
  ['outcome', ({ outcome }) => outcome],
  ['seed', ({ seed }) => seed],
  ['run', ({ run }) => run],
  ['time', ({ time }) => time],
  ['workload', ({ workload }) => workload],
  ['slo_p95_ms', ({ slo }) => slo.p95_ms],
]

export const SUMMARY_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name)

export function summaryRow(report: RunReport): Cell[] {
  return COLUMNS.map(([, cell]) => cell(report))
}

/** Did something get worse: after a step, so that it was taken back, or over all trials? */
function isRegression({ steps, evaluation }: RunReport): boolean {
  return evaluation.verdict === 'worse' || steps.some(({ judgement }) => judgement.decision === 'roll back')
}
