import type { MetricDraft, MissingDraft } from '@semantos/core'
import { type Collector, type Columns, HOST_ROW, type MetricSpec, type Reading, type Rule, type Table } from './table.js'

export interface Rates {
  readonly metrics: readonly MetricDraft[]
  /** Metrics this host or this window cannot give, and why. */
  readonly missing: readonly MissingDraft[]
}

/** A number, or the reason why there is none. */
type Answer = number | string

/** What a rule is computed from: columns of one row, or sums of columns over rows. */
interface View {
  /** The column's value now. */
  now(column: string): Answer
  /** How far the counter has come during the window. */
  growth(column: string): Answer
}

/** Collects answers. A broken file can name a device or a counter twice: the first answer counts. */
export class Results {
  readonly #named = new Set<string>()
  readonly #metrics: MetricDraft[] = []
  readonly #missing: MissingDraft[] = []

  add(name: string, unit: string, answer: Answer): void {
    if (this.#named.has(name)) return
    this.#named.add(name)
    if (typeof answer === 'string') this.#missing.push({ name, reason: answer })
    else if (!Number.isFinite(answer)) this.#missing.push({ name, reason: 'the number is too large' })
    else this.#metrics.push({ name, value: answer, unit })
  }

  finish(): Rates {
    return { metrics: this.#metrics, missing: this.#missing }
  }
}

/** Adds every metric of one collector. `path` is the file's, for reasons. */
export function addRates(collector: Collector, path: string, before: Reading, after: Reading, elapsedS: number, results: Results): void {
  if ('reason' in after) {
    const reason = `${path}: ${after.reason}${collector.needs ? `; ${collector.needs}` : ''}`
    for (const { name, unit } of collector.metrics) results.add(name, unit, reason)
    return
  }
  const pair: Pair = { path, before: 'reason' in before ? null : before, after }
  for (const spec of specsOf(collector, after)) addMetric(collector, spec, pair, elapsedS, results)
}

/** By the columns of one file, which stay the same object while its layout does. */
const OF_ALL_COLUMNS = new WeakMap<Columns, readonly MetricSpec[]>()

function specsOf({ metrics, others }: Collector, { columns }: Table): readonly MetricSpec[] {
  if (!others) return metrics
  const known = OF_ALL_COLUMNS.get(columns)
  if (known) return known
  const named = new Set(metrics.map((spec) => spec.rule.column))
  const specs = [...metrics, ...columns.names.flatMap((column) => (named.has(column) ? [] : (others(column) ?? [])))]
  OF_ALL_COLUMNS.set(columns, specs)
  return specs
}

/** One file at two moments; `before` is null where it could not be read. */
interface Pair {
  readonly path: string
  readonly before: Table | null
  readonly after: Table
}

function addMetric(collector: Collector, spec: MetricSpec, pair: Pair, elapsedS: number, results: Results): void {
  const { name, unit, rule } = spec
  if (collector.rows === 'device') {
    for (const row of pair.after.rows.keys()) addDevice(spec, row, pair, elapsedS, results)
  }
  if (spec.rows === 'each') return
  const view = collector.rows === 'host' ? rowView(pair, HOST_ROW) : spec.rows === 'first' ? rowView(pair, firstRow(pair)) : sumView(pair)
  results.add(name, unit, evaluate(rule, view, elapsedS))
}

/** What a metric's name can hold in brackets; the kernel lets devices be called almost anything. */
const DEVICE = /^[A-Za-z0-9_.:@/-]{1,64}$/

function addDevice({ name, unit, rule }: MetricSpec, row: string, pair: Pair, elapsedS: number, results: Results): void {
  const answer = DEVICE.test(row) ? evaluate(rule, rowView(pair, row), elapsedS) : "the device's name has characters that a metric's name cannot hold"
  results.add(`${name}[${row.slice(0, 64)}]`, unit, answer)
}

function evaluate(rule: Rule, view: View, elapsedS: number): Answer {
  switch (rule.kind) {
    case 'gauge':
      return scaled(view.now(rule.column), rule.scale)
    case 'rate':
      return elapsedS > 0 ? scaled(view.growth(rule.column), rule.scale / elapsedS) : 'no time passed between the two samples'
    case 'ratio':
      return quotient(view.growth(rule.column), view.growth(rule.per), rule.scale, `${rule.per} did not grow during the window`)
    case 'share':
      return quotient(view.now(rule.column), view.now(rule.per), 100, `${rule.per} is 0`)
  }
}

function quotient(answer: Answer, per: Answer, scale: number, nothing: string): Answer {
  if (typeof per === 'string') return per
  return per > 0 ? scaled(answer, scale / per) : nothing
}

function scaled(answer: Answer, scale: number): Answer {
  return typeof answer === 'string' ? answer : answer * scale
}

function notThere(path: string): string {
  return `${path} could not be read at the start of the window`
}

function rowView({ path, before, after }: Pair, row: string): View {
  const now = (column: string) => cell(after, row, column) ?? `${path} shows no number for ${column} on this kernel`
  return {
    now,
    growth: (column) => {
      const value = now(column)
      if (typeof value === 'string') return value
      if (!before) return notThere(path)
      const earlier = cell(before, row, column)
      if (earlier === null) return `${path} showed no number for ${column} at the start of the window`
      return value < earlier ? `${column} fell from ${earlier} to ${value} during the window: the counter was reset or wrapped around` : value - earlier
    },
  }
}

/**
 * Sums over rows. A row that came or went during the window is left out, so that a disk plugged in is not a burst of
 * reads; a counter that fell leaves no sum.
 */
function sumView(pair: Pair): View {
  const { path, before, after } = pair
  const counted = [...after.rows.keys()].filter((row) => !after.uncounted?.has(row))
  const sum = (rows: readonly string[], answerOf: (row: string) => Answer): Answer => {
    if (rows.length === 0) return `${path} lists nothing to add up`
    let total = 0
    for (const row of rows) {
      const answer = answerOf(row)
      if (typeof answer === 'string') return `${row}: ${answer}`
      total += answer
    }
    return total
  }
  return {
    now: (column) => sum(counted, (row) => rowView(pair, row).now(column)),
    growth: (column) => {
      if (!before) return notThere(path)
      return sum(counted.filter((row) => before.rows.has(row)), (row) => rowView(pair, row).growth(column))
    },
  }
}

function firstRow({ after }: Pair): string {
  for (const row of after.rows.keys()) return row
  return HOST_ROW
}

function cell(table: Table, row: string, column: string): number | null {
  const index = table.columns.index.get(column)
  const value = index === undefined ? undefined : table.rows.get(row)?.[index]
  return value === undefined || Number.isNaN(value) ? null : value
}
