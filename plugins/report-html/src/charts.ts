import * as Plot from '@observablehq/plot'
import type { TuneReport, TuneTrial } from '@semantos/core'
import { DOMParser } from 'linkedom'
import { type Arm, type Compared, goalUnit, goalValue } from './arms.js'
import type { Chart, Role } from './document.js'
import { figure } from './figures.js'
import { heldText } from './headline.js'
import { escaped } from './html.js'
import { around, evenTicks, ticksFor } from './scale.js'

const WIDTH_PX = 860
const TEXT_PX = 12
const LONGEST_LABEL = 110
/** A logarithmic scale would drop the labels of some ticks; as a channel of text, none is. */
const LABELLED = { text: (value: number) => figure(value) }
const SYMBOLS: Readonly<Record<Role, 'circle' | 'diamond2' | 'triangle'>> = { baseline: 'circle', kept: 'diamond2', compared: 'triangle', screened: 'circle' }

/** Every trial in the order in which they ran: drift would show, and so would a baseline that does not come back. */
function sequenceChart(report: TuneReport, arms: readonly Arm[]): Chart {
  const points = arms.flatMap((arm) => arm.trials.map((trial) => ({ arm, trial, value: goalValue(trial.result, report.goal) })))
  const domain = around(points.map(({ value }) => value))
  const last = Math.max(2, report.trials.length)
  const phases = phasesOf(report.trials)
  const [baseline] = arms
  const title = `${report.goal} of every trial, in the order in which they ran`
  return {
    kind: 'chart',
    title,
    description: 'Logarithmic scale. The band is the median of the baseline with the noise floor to each side; letters are those of the table below.',
    keys: rolesOf(arms),
    svg: svgOf(title, `${points.length} trials`, {
      height: 340,
      marginLeft: 60,
      marginTop: 30,
      x: { domain: [0.3, last + 0.7], label: 'trial', ticks: evenTicks(1, last, 12).filter(Number.isInteger), tickFormat: figure },
      y: { type: 'log', domain, label: `${report.goal}, ${goalUnit(report.goal)}` },
      marks: [
        Plot.gridY(ticksFor(domain)),
        Plot.axisY(ticksFor(domain), LABELLED),
        ...(baseline && report.noise && baseline.values.length > 0
          ? [Plot.rect([baseline.median], { x1: 0.3, x2: last + 0.7, y1: Math.max(domain[0], baseline.median / report.noise.floor_ratio), y2: Math.min(domain[1], baseline.median * report.noise.floor_ratio), fill: 'var(--band)' })]
          : []),
        Plot.ruleX(phases, { x: 'from', stroke: 'var(--line)' }),
        Plot.text(phases.filter(({ trials }) => (trials / last) * WIDTH_PX > 50), { x: 'from', text: 'phase', frameAnchor: 'top', textAnchor: 'start', dx: 4, dy: -14, fill: 'var(--faint)' }),
        Plot.line(points.filter(({ arm }) => arm.role === 'baseline'), { x: at, y: 'value', stroke: 'var(--baseline)', strokeWidth: 1, strokeOpacity: 0.5 }),
        ...dots(points, { x: at, y: 'value' }),
        Plot.text(points, { x: at, y: 'value', text: ({ arm }: Point) => arm.letter, dy: -11, fill: 'var(--ink)' }),
      ],
    }),
  }
}

/** One strip an arm, a mark a trial: nothing is summed up but the median. */
function stripsChart(report: TuneReport, arms: readonly Arm[]): Chart {
  const shown = arms.filter(({ trials }) => trials.length > 0)
  const points = shown.flatMap((arm, row) => arm.trials.map((trial, index) => ({ arm, trial, value: goalValue(trial.result, report.goal), row: row + spread(index, arm.trials.length) })))
  const domain = around(points.map(({ value }) => value))
  const rows = shown.map((arm, row) => ({ arm, row }))
  const title = `Distribution of ${report.goal} under each setting`
  return {
    kind: 'chart',
    title,
    description: 'Logarithmic scale. A mark is one trial; the upright line is the median of the setting, the dashed one that of the baseline.',
    keys: rolesOf(shown),
    svg: svgOf(title, `${shown.length} settings`, {
      height: 60 + 46 * shown.length,
      marginLeft: 12,
      marginTop: 6,
      x: { type: 'log', domain, label: `${report.goal}, ${goalUnit(report.goal)}` },
      y: { domain: [-0.75, shown.length - 0.55], reverse: true, axis: null },
      marks: [
        Plot.gridX(ticksFor(domain)),
        Plot.axisX(ticksFor(domain), LABELLED),
        ...shown.slice(0, 1).map((baseline) => Plot.ruleX([baseline.median], { stroke: 'var(--baseline)', strokeDasharray: '3 3' })),
        Plot.text(rows, { y: 'row', text: ({ arm }: { arm: Arm }) => labelOf(arm, shown), frameAnchor: 'left', textAnchor: 'start', dy: -17, fill: 'var(--ink)' }),
        Plot.ruleX(rows, { x: ({ arm }: { arm: Arm }) => arm.median, y1: ({ row }: { row: number }) => row - 0.2, y2: ({ row }: { row: number }) => row + 0.25, stroke: 'var(--ink)', strokeWidth: 2 }),
        ...dots(points, { x: 'value', y: 'row' }),
      ],
    }),
  }
}

/** Each comparison's ratio with both intervals, against 1 and the floor. */
function intervalsChart(report: TuneReport, compared: readonly Compared[], arms: readonly Arm[]): Chart {
  const letters = new Map(arms.map(({ id, letter }) => [id, letter]))
  const rows = compared.map(({ comparison, arm }, row) => {
    const { ratio, interval, bootstrap } = comparison.effects[report.goal]
    const [role, symbol] = comparison.kept ? ['kept' as const, SYMBOLS.kept] : ['compared' as const, SYMBOLS.compared]
    return { label: shortened(`${letters.get(arm) ?? ''}: ${comparison.candidate}: ${comparison.verdict}`), row, ratio, role, symbol, low: interval[0], high: interval[1], low2: bootstrap[0], high2: bootstrap[1] }
  })
  const floor = report.noise?.floor_ratio ?? 1
  const domain = around([1 / floor, floor, ...rows.flatMap(({ ratio, low, high, low2, high2 }) => [ratio, low, high, low2, high2])])
  const title = `${report.goal} as a ratio to what stood before, with intervals that hold ${heldText(compared.map(({ comparison }) => comparison.blocks))}`
  return {
    kind: 'chart',
    title,
    description: `Logarithmic scale; ${report.goal === 'throughput' ? 'above' : 'below'} 1 is better. Thick: Hodges-Lehmann; thin: bootstrap. An interval that touches the band (the noise floor) proves nothing.`,
    keys: [...new Set(rows.map(({ role }) => role))],
    svg: svgOf(title, `${rows.length} comparisons`, {
      height: 60 + 52 * rows.length,
      marginLeft: 12,
      marginTop: 6,
      x: { type: 'log', domain, label: `ratio of ${report.goal}` },
      y: { domain: [-0.75, rows.length - 0.5], reverse: true, axis: null },
      marks: [
        Plot.gridX(ticksFor(domain)),
        Plot.axisX(ticksFor(domain), LABELLED),
        Plot.rect([floor], { x1: 1 / floor, x2: floor, y1: -0.75, y2: rows.length - 0.5, fill: 'var(--band)' }),
        Plot.ruleX([1], { stroke: 'var(--faint)' }),
        Plot.text(rows, { y: 'row', text: 'label', frameAnchor: 'left', textAnchor: 'start', dy: -18, fill: 'var(--ink)' }),
        ...rows.flatMap((row) => [
          Plot.ruleY([row], { y: 'row', x1: 'low', x2: 'high', stroke: `var(--${row.role})`, strokeWidth: 4 }),
          Plot.ruleY([row], { y: row.row + 0.22, x1: 'low2', x2: 'high2', stroke: `var(--${row.role})`, strokeWidth: 1 }),
          Plot.dot([row], { x: 'ratio', y: 'row', r: 5, symbol: row.symbol, fill: `var(--${row.role})`, stroke: 'var(--paper)', title: 'label' }),
        ]),
      ],
    }),
  }
}

interface Phase {
  readonly phase: string
  readonly from: number
  readonly trials: number
}

/** Runs of trials of one phase. */
function phasesOf(trials: readonly TuneTrial[]): Phase[] {
  const starts = trials.filter(({ phase }, index) => trials[index - 1]?.phase !== phase)
  return starts.map(({ phase, number }, index) => ({ phase, from: number - 0.5, trials: (starts[index + 1]?.number ?? trials.length + 1) - number }))
}

interface Point {
  readonly arm: Arm
  readonly trial: TuneTrial
  readonly value: number
}

function at({ trial }: Point): number {
  return trial.number
}

function dots(points: readonly Point[], position: { readonly x: Plot.ChannelValueSpec; readonly y: Plot.ChannelValueSpec }): Plot.Markish[] {
  return rolesOf(points.map(({ arm }) => arm)).map((role) => {
    const colour = `var(--${role})`
    const title = ({ arm, trial, value }: Point) => `trial ${trial.number} (${trial.phase}), ${arm.id}: ${figure(value)}`
    const ofRole = points.filter(({ arm }) => arm.role === role)
    return Plot.dot(ofRole, { ...position, title, r: 4.5, symbol: SYMBOLS[role], stroke: role === 'screened' ? colour : 'var(--paper)', fill: role === 'screened' ? 'var(--paper)' : colour })
  })
}

function rolesOf(arms: readonly Arm[]): Role[] {
  return (['baseline', 'screened', 'compared', 'kept'] as const).filter((role) => arms.some((arm) => arm.role === role))
}

/** Apart enough that equal values do not hide each other; the same picture each time. */
function spread(index: number, count: number): number {
  return count === 1 ? 0 : ((index % 5) - 2) * 0.06
}

/** What an arm adds to the setting that had been kept before it: `C: A and vm.swappiness=10 (3)`. */
function labelOf({ letter, id, trials }: Arm, arms: readonly Arm[]): string {
  const below = arms.findLast((other) => other.role === 'kept' && id.startsWith(`${other.id} `))
  const name = below ? `${below.letter} and ${id.slice(below.id.length + 1)}` : id
  return shortened(`${letter}${letter === '' ? '' : ': '}${name} (${trials.length})`)
}

function shortened(label: string): string {
  const text = label.replace(/\s+/g, ' ')
  return text.length <= LONGEST_LABEL ? text : `${text.slice(0, LONGEST_LABEL - 1)}…`
}

/** Drawn on a document of linkedom's; the title is the first thing that a screen reader says. */
function svgOf(title: string, description: string, options: Plot.PlotOptions): string {
  const document: unknown = new DOMParser().parseFromString('<!doctype html><html><body></body></html>', 'text/html')
  const drawn: unknown = Plot.plot({ document, width: WIDTH_PX, marginRight: 16, marginBottom: 38, className: 'chart', style: { fontSize: `${TEXT_PX}px`, background: 'none' }, ...options })
  return String(drawn).replace(/^<svg /, '<svg role="img" ').replace('>', `><title>${escaped(title)}</title><desc>${escaped(description)}</desc>`)
}

/** The charts, so that what is written around them needs no drawing library. */
export interface Charts {
  readonly sequence: (report: TuneReport, arms: readonly Arm[]) => Chart
  readonly strips: (report: TuneReport, arms: readonly Arm[]) => Chart
  readonly intervals: (report: TuneReport, compared: readonly Compared[], arms: readonly Arm[]) => Chart
}

export const charts: Charts = { sequence: sequenceChart, strips: stripsChart, intervals: intervalsChart }
