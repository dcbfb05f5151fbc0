import type { JournalPlace } from '@semantos/host'
import { type Comparison, type Effect, formatValue, type Goal, type Setting, type Skipped, type TuneReport } from '@semantos/core'
import { tooNoisy, type TuneProgress } from '@semantos/engine'
import { commandFor } from './command-for.js'
import { colours, table } from './terminal.js'

/** A tune that is under way on one line, what matters most first: a narrow terminal shows its beginning. */
export function progressLine({ phase, number, arm, budget, leftMs, best }: TuneProgress): string {
  const trial = `trial ${number}${Number.isFinite(budget.trials) ? ` of ${budget.trials}` : ''}`
  const parts = [phase, trial, ...(leftMs === null ? [] : [`at most ${inWords(leftMs)} left`]), ...(best === null ? [] : [`best ${best}`]), `now ${arm}`]
  return parts.join(' | ')
}

function inWords(ms: number): string {
  const s = Math.ceil(ms / 1000)
  return s < 120 ? `${s} s` : `${Math.ceil(s / 60)} min`
}

const WITHOUT_CANDIDATES: ReadonlySet<TuneReport['outcome']> = new Set(['measured only', 'nothing kept'])
const NOTHING_TO_TRY = 'nothing to try: no symptom that a knob of this host could cure, and no knob in use away from its default; name knobs to try all the same: --knobs vm.swappiness,vm.vfs_cache_pressure'
const TOO_NOISY = 'identical trials differ so much that not even a factor of two could be told: make trials longer, or the machine quieter'

/** A tune on one screen: the noise, what was tried, what came of it. */
export function renderTune(report: TuneReport, folder: string): string {
  const { bold, dim } = colours(process.stdout)
  const noisy = report.noise !== null && tooNoisy(report.noise)
  const parts = [
    noiseLine(report),
    report.plan.advice.map(({ symptom, text }) => `advice: ${symptom}: ${text}`).join('\n'),
    table(report.comparisons.map((comparison) => comparisonRow(comparison, report.goal))),
    report.skipped.map((skipped) => skippedLine(report, skipped)).join('\n'),
    WITHOUT_CANDIDATES.has(report.outcome) && report.comparisons.length + report.skipped.length === 0 ? NOTHING_TO_TRY : '',
    noisy ? TOO_NOISY : '',
    `${bold(report.outcome)}${report.kept.length > 0 ? `: ${settingsText(report.kept)}` : ''}${report.final ? `, ${effectText(report.final[report.goal], report.goal)}` : ''}`,
    report.heal === null ? '' : `heal check: ${report.heal.words}`,
    report.outcome === 'measured only' && report.skipped.length > 0 && !noisy ? 'next: add --apply, as root, to try them' : '',
    report.outcome === 'interrupted' ? `everything was put back; to go on, give the same command with --resume ${report.run}` : '',
    dim(`${report.trials.length} trials; own cost while they ran ${report.cost.trial_cpu_pct.toFixed(1)}% of a core, ${report.cost.memory_mb.toFixed(0)} MB; report in ${folder}`),
  ]
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}

/** What has been left standing: how to take it back, or by when it wants to be confirmed. */
export function standsText({ journal, run }: TuneReport, { confirmWithin, ...place }: Required<JournalPlace> & { readonly confirmWithin?: number }): string {
  const name = journal ?? run
  if (confirmWithin === undefined) return `what was kept stands; to take it back: ${commandFor(`rollback --run ${name}`, place)}\n`
  return `what was kept stands for ${inWords(confirmWithin)}; to let it stay: ${commandFor(`confirm --run ${name}`, place)}\n`
}

function skippedLine({ outcome, plan }: TuneReport, { candidate, settings, reason }: Skipped): string {
  if (outcome !== 'measured only') return colours(process.stdout).dim(`not compared: ${candidate}: ${reason}`)
  const because = plan.recommendations.filter(({ knob }) => settings.some((setting) => setting.knob === knob)).map(({ rationale }) => rationale)
  return `${candidate} ${reason}: ${[...new Set(because)].join('; ')}`
}

function noiseLine({ noise, goal }: TuneReport): string {
  if (noise === null) return ''
  const needed = noise.blocks_needed.map(({ effect_pct: effect, blocks }) => `${effect}% ${blocks ?? 'out of reach'}`).join(', ')
  return `noise: identical trials of ${goal} differ by ${((Math.exp(noise.sd_log) - 1) * 100).toFixed(1)}% (${noise.pairs} pairs); blocks to find an effect in four of five comparisons: ${needed}`
}

function comparisonRow({ candidate, verdict, words, blocks, kept }: Comparison, goal: Goal): string[] {
  const { green, red, dim } = colours(process.stdout)
  const colour = verdict === 'better' ? green : verdict === 'worse' ? red : dim
  return [candidate, colour(verdict), words, `${blocks} blocks`, kept ? green('kept') : `not kept (${goal})`]
}

function settingsText(settings: readonly Setting[]): string {
  return settings.map(({ knob, value }) => `${knob} = ${formatValue(value)}`).join(', ')
}

function effectText({ ratio, interval }: Effect, goal: Goal): string {
  return `${goal} ${ratio.toPrecision(3)} of the baseline [${interval.map((end) => end.toPrecision(3)).join(', ')}]`
}
