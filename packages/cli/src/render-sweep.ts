import type { PairResult, SweepReport } from '@semantos/engine'
import { formatValue } from '@semantos/core'
import { colours, table } from './terminal.js'

/** A sweep on one screen: each pair with what its knobs do alone and together, what is kept of it, and where it went. */
export function renderSweep(report: SweepReport, file: string): string {
  const { bold, dim } = colours(process.stdout)
  const kept = report.pairs.filter(({ kind }) => kind !== null)
  const rest = report.pairs.length - kept.length
  const depending = report.edges.filter(({ kind }) => kind === 'depends_on')
  const parts = [
    table([['pair', 'alone', 'alone', 'both', 'interaction', '95% interval', 'p (Holm)', 'edge'].map((heading) => bold(heading)), ...byStrength(report.pairs).map(pairRow)]),
    `${kept.length} of ${report.pairs.length} pairs interact${rest > 0 ? `; the effects of ${rest} add up` : ''}. Percent of the baseline's p95, ${report.baseline_p95_ms.toPrecision(4)} ms; ${report.rounds} rounds, ${report.trials} trials.`,
    depending.map(({ from, to, source }) => `${from} depends on ${to}: ${source.replace(/^sweep \S+: /, '')}`).join('\n'),
    report.left_out.map(({ what, reason }) => dim(`left out: ${what}: ${reason}`)).join('\n'),
    report.truth === null ? '' : truthLine(report.truth),
    dim(`${report.edges.length} edges written to ${file}`),
  ]
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}

function truthLine({ precision, recall, missed, invented }: NonNullable<SweepReport['truth']>): string {
  const list = (what: string, names: readonly string[]) => (names.length > 0 ? `; ${what}: ${names.join(', ')}` : '')
  return `against the interactions that the workload says it has: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}${list('missed', missed)}${list('invented', invented)}`
}

function byStrength(pairs: readonly PairResult[]): PairResult[] {
  return [...pairs].sort((a, b) => a.p_adjusted - b.p_adjusted || Math.abs(b.interaction_pct) - Math.abs(a.interaction_pct))
}

function pairRow({ settings, first_alone_pct, second_alone_pct, both_pct, interaction_pct, interval_pct, p_adjusted, kind }: PairResult): string[] {
  const { green, red, dim } = colours(process.stdout)
  const pair = settings.map(({ knob, value }) => `${knob}=${formatValue(value)}`).join(' ')
  const edge = kind === null ? dim('none') : (kind === 'synergizes_with' ? green : red)(kind)
  return [pair, ...[first_alone_pct, second_alone_pct, both_pct, interaction_pct].map(percent), `[${interval_pct.map(percent).join(', ')}]`, p_adjusted.toPrecision(2), edge]
}

function percent(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(1)}%`
}
