import { formatValue, type TuneReport } from '@semantos/core'
import { median } from '@semantos/stats'
import { BASELINE, type Arm } from './arms.js'
import { type Section, type Text, code, paragraph } from './document.js'
import { evidenceOf } from './evidence.js'
import { figure, intervalText, ratioText } from './figures.js'
import { table } from './found.js'
import { finalBlocks, heldPct } from './headline.js'

/** Rows of the table of what moved; the rest is folded. */
const FIRST_ROWS = 12

export function aboutSection(report: TuneReport): Section {
  const { host } = report.snapshot
  const rows: Text[][] = [
    ['tune', [code(report.run)]],
    ['workload', [code(report.workload.name)]],
    ['goal', report.goal],
    ['objective', objectiveText(report)],
    ['from, to', `${report.started} to ${report.ended}`],
    ['trials', String(report.trials.length)],
    ['seed', String(report.seed)],
    ['kernel', host?.kernel ?? 'not recorded'],
    ['machine', host === null ? 'not recorded' : `${host.name}: ${host.cpus} CPUs (${host.cpu_model}), ${figure(host.memory_bytes / 2 ** 30)} GiB of memory, virtualization: ${host.virtualization}`],
  ]
  return { title: 'What ran', blocks: [table(['', ''], [], rows)] }
}

/** Whether the p95 to keep was kept, before and with what was kept. */
function objectiveText({ slo, trials, comparisons }: TuneReport): string {
  const met = (arm: string, words: string) => {
    const p95 = median(trials.filter((trial) => trial.arm === arm).map(({ result }) => result.latency.p95_ms))
    return Number.isFinite(p95) ? [`${p95 <= slo.p95_ms ? 'met' : 'missed'} ${words} (median ${figure(p95)} ms)`] : []
  }
  const kept = comparisons.filter((comparison) => comparison.kept).map(({ candidate }) => candidate)
  return [`p95 of at most ${figure(slo.p95_ms)} ms`, ...met(BASELINE, 'by the baseline'), ...(kept.length === 0 ? [] : met(kept.join(' '), 'with what was kept'))].join('; ')
}

export function noiseSection({ noise, goal }: TuneReport): Section {
  if (noise === null) return { title: 'Noise', blocks: [paragraph('The noise was not measured.')] }
  const rows = noise.blocks_needed.map(({ effect_pct: effect, blocks }): Text[] => [`${effect}%`, blocks === null ? 'out of reach' : String(blocks)])
  return {
    title: 'Noise',
    blocks: [
      paragraph(`Two identical trials of ${goal} typically differ by ${((Math.exp(noise.sd_log) - 1) * 100).toFixed(1)}% (one standard deviation, from ${noise.pairs} pairs of the baseline with itself). An effect must clear a factor of ${noise.floor_ratio.toPrecision(4)}: the larger of the smallest effect worth a change and what two identical arms typically differ by.`),
      table(['effect', 'blocks to find it in four of five comparisons'], [0, 1], rows),
      paragraph('At the level that the first of three comparisons has at its looks, and with the interval beyond the floor. Out of reach: not after 100 blocks, or within the floor. A comparison takes 16 blocks at most.'),
    ],
  }
}

/** What the kernel and the workload counted, with and without the change. */
export function evidenceSection(report: TuneReport, arms: readonly Arm[]): Section {
  const title = 'Evidence before and after'
  const evidence = evidenceOf(report)
  if (!evidence) return { title, blocks: [paragraph('Nothing was compared, so there is no before and after.')] }
  const letters = new Map(arms.map(({ id, letter }) => [id, letter]))
  const kept = report.comparisons.some((comparison) => comparison.kept)
  const before = evidence.before === BASELINE ? 'the baseline' : `setting ${letters.get(evidence.before) ?? evidence.before}`
  const intro = paragraph(
    kept ? 'With what was kept (' : 'Nothing was kept; this is the comparison that came nearest (',
    code(evidence.after),
    `, ${evidence.afterTrials} trials) against ${before} (${evidence.beforeTrials} trials), in interleaved blocks only. Medians, with the lowest and the highest trial. "Apart" means that the two ranges do not touch. Many numbers are looked at here, so some differ by chance: this shows where the change acted, and is no test.`,
  )
  const columns = ['metric', 'unit', 'before', 'lowest to highest', 'after', 'lowest to highest', 'apart']
  const rows = evidence.moved.map(({ name, unit, before: old, after: now, apart }): Text[] => [
    [code(name)], unit, figure(old.median), `${figure(old.low)} to ${figure(old.high)}`, figure(now.median), `${figure(now.low)} to ${figure(now.high)}`, apart ? 'yes' : 'no',
  ])
  if (rows.length === 0) return { title, blocks: [intro, paragraph('Nothing that was counted changed.')] }
  const rest = rows.slice(FIRST_ROWS)
  const more = rest.length === 0 ? [] : [{ kind: 'folded' as const, summary: `${rest.length} metrics that changed less`, blocks: [table(columns, [2, 4], rest)] }]
  return { title, blocks: [intro, table(columns, [2, 4], rows.slice(0, FIRST_ROWS)), ...more] }
}

export function keptSection(report: TuneReport): Section {
  const { kept, baseline, final, run, journal } = report
  const title = 'What was kept, and how to undo it'
  if (kept.length === 0) return { title, blocks: [paragraph('Nothing: the tune put back every value it had changed.')] }
  const before = new Map(baseline.map(({ knob, value }) => [knob, formatValue(value)]))
  const rows = kept.map(({ knob, value }): Text[] => [[code(knob)], before.get(knob) ?? 'unknown', formatValue(value)])
  const effects = Object.entries(final ?? {}).map(([goal, { ratio, interval, bootstrap }]): Text[] => [goal, ratioText(ratio), intervalText(interval), intervalText(bootstrap)])
  return {
    title,
    blocks: [
      table(['knob', 'found as', 'proven better as'], [1, 2], rows),
      ...(effects.length === 0 ? [] : [paragraph(`All of it against the baseline, in ${finalBlocks(report)} blocks:`), table(['goal', 'ratio', `${heldPct(finalBlocks(report))}% interval`, 'bootstrap'], [], effects)]),
      paragraph('A tune puts every value back when it ends, unless it ran with ', code('--keep'), ' or ', code('--confirm-within'), '. To see what stands now, and to take this tune back if it was kept:'),
      { kind: 'code', lines: ['semantos status', `semantos rollback --run ${journal ?? run}`] },
      paragraph('A rollback needs the journal only: no config, no plugin, no network. A value that somebody else has changed since is left alone.'),
    ],
  }
}

export function healSection({ heal }: TuneReport): Section {
  const title = 'Heal check'
  if (!heal) return { title, blocks: [paragraph('There was none: the tune did not come to its end, or changed nothing.')] }
  const ratio = heal.ratio === null ? [] : [` The goal measured again on the baseline is ${ratioText(heal.ratio)} of what it was at first.`]
  return { title, blocks: [paragraph({ strong: heal.values_restored ? 'Values restored' : 'Values NOT restored' }, `: ${heal.words}.`, ...ratio)] }
}

export function costSection({ cost }: TuneReport): Section {
  const rows: Text[][] = [
    ['CPU while trials ran, % of one core', figure(cost.trial_cpu_pct), 'below 1'],
    ['CPU of the whole tune, this program alone, % of one core', figure(cost.cpu_pct), ''],
    ['memory, MB', figure(cost.memory_mb), 'below 100'],
    ['counters and the record of a trial, ms', figure(cost.bookkeeping_ms_per_trial), 'below 5'],
    ['changing values, with the journal on the disk first, ms a trial', figure(cost.changing_ms_per_trial), ''],
  ]
  return { title: 'What the tuner itself cost', blocks: [table(['', 'measured', 'aim'], [1], rows), paragraph(...helpersText(cost))] }
}

/** What of it other processes took, and what is in none of the numbers. */
function helpersText({ helpers: { names, trial_cpu_pct: cpu, memory_mb: memory } }: TuneReport['cost']): Exclude<Text, string> {
  const parts = names.flatMap((name, index) => [index === 0 ? '' : ', ', code(name)])
  const counted = names.length === 0 ? ['Counted is this program; none that it started was seen.'] : ['Counted are this program and what it started to watch over the tune and to count with (', ...parts, `: ${figure(cpu)}% of a core and ${figure(memory)} MB of the numbers above).`]
  return [...counted, " Not counted: the workload's own processes, what the kernel does for either, and what a tracer takes to end."]
}

/** The command line as it was given; where a program tuned by itself, one that comes near to it. */
export function repeatSection(report: TuneReport, writer: string): Section {
  const { command, config, goal, run, seed, snapshot, software, workload } = report
  const apply = report.outcome === 'measured only' ? [] : ['--apply']
  const words = command.length > 0 ? command : ['tune', '--workload', workload.plugin, '--goal', goal, '--seed', String(seed), ...apply]
  const versions = [['SemantOS', software.semantos], ['Node', software.node], ['kernel', snapshot.host?.kernel ?? 'not recorded'], ...software.plugins.map(({ id, version }) => [id, version])]
  return {
    title: 'How to repeat it',
    blocks: [
      { kind: 'code', lines: [...(report.folder === '' ? [] : [`cd ${quoted(report.folder)}`]), ['semantos', ...words].map(quoted).join(' ')] },
      paragraph(`${command.length > 0 ? 'The command as it was given' : 'A program ran this tune; the command comes near to it'}${command.includes('--seed') ? '' : `, with the seed ${seed}`}. The same seed gives the same order of trials, not the same measurements.`),
      paragraph('The workload was ', code(`${workload.plugin} ${workload.version}`), ...(workload.origin === null ? [] : [' of ', code(workload.origin)]), ...(config === null ? [] : [', the config ', code(config)]), '. As a file for ', code('--workload'), ', with all its defaults (a secret is shown as ', code('[secret]'), '):'),
      { kind: 'code', lines: JSON.stringify({ use: workload.plugin, options: workload.options }, null, 2).split('\n') },
      ...(report.outcome === 'interrupted' ? [paragraph('To go on where it was stopped, give the same command with ', code(`--resume ${run}`), '; no trial runs twice.')] : []),
      { kind: 'folded', summary: 'Versions', blocks: [table(['', ''], [], versions.map(([name = '', version = '']): Text[] => [[code(name)], version]))] },
      paragraph(`This page was written by ${writer}. Beside it: trials.csv has every trial, tune.json everything.`),
    ],
  }
}

/** A word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
