import type { HostReader } from '@semantos/core'

/** The fields of a table by name, with their places in a row. Of a name that comes twice the first counts. */
export class Columns {
  readonly index: ReadonlyMap<string, number>

  constructor(readonly names: readonly string[]) {
    this.index = new Map(names.map((name, index) => [name, index] as const).reverse())
  }
}

/** The one row of a file that speaks of the whole host. */
export const HOST_ROW = ''

/**
 * What one kernel file said at one moment, raw: a row a device or CPU, a column a field, NaN where the kernel shows no
 * number. `uncounted` rows (a RAID over disks, a bridge over network cards) are left out of sums.
 */
export interface Table {
  readonly columns: Columns
  readonly rows: ReadonlyMap<string, Float64Array>
  readonly uncounted?: ReadonlySet<string>
}

export function hostTable(columns: Columns, row: Float64Array): Table {
  return { columns, rows: new Map([[HOST_ROW, row]]) }
}

/** A table, or why the file could not be read. */
export type Reading = Table | { readonly reason: string }

/** Where kernel files are looked for: folders under the door's root. */
export interface Source {
  readonly host: HostReader
  readonly procfs: string
  readonly sysfs: string
}

/**
 * How a metric is computed from columns. A rate is growth a second; a ratio divides the growth of two counters; a share is
 * one gauge in percent of another.
 */
export type Rule =
  | { readonly kind: 'gauge'; readonly column: string; readonly scale: number }
  | { readonly kind: 'rate'; readonly column: string; readonly scale: number }
  | { readonly kind: 'ratio'; readonly column: string; readonly per: string; readonly scale: number }
  | { readonly kind: 'share'; readonly column: string; readonly per: string }

/** One metric of the README's table. `rows` narrows what the collector's rows would give. */
export interface MetricSpec {
  readonly name: string
  readonly unit: string
  readonly rule: Rule
  readonly meaning: string
  readonly rows?: 'each' | 'first'
}

/** One kernel file: how its text becomes a table, and which metrics come out of it. */
export interface Collector {
  /** Under the procfs folder. */
  readonly file: string
  /** `host`: one row. `device`: a metric a row, in brackets, and their sum. `cpu`: the sum over CPUs only. */
  readonly rows: 'host' | 'device' | 'cpu'
  readonly metrics: readonly MetricSpec[]
  /** What a host must have for the file to be there; added to the reason where it is not. */
  readonly needs?: string
  /** The metric of a column that `metrics` does not name: kernels add counters. */
  readonly others?: (column: string) => MetricSpec | null
  /** The parser, with lookups prepared once. It never throws. */
  readonly open: (source: Source) => (text: string) => Table
}

interface RateOptions {
  readonly unit?: string
  readonly scale?: number
  readonly rows?: 'each'
}

export function rate(name: string, column: string, meaning: string, { unit = 'per_s', scale = 1, ...rows }: RateOptions = {}): MetricSpec {
  return { name, unit, rule: { kind: 'rate', column, scale }, meaning, ...rows }
}

interface GaugeOptions {
  readonly scale?: number
  readonly rows?: 'first'
}

export function gauge(name: string, column: string, unit: string, meaning: string, { scale = 1, ...rows }: GaugeOptions = {}): MetricSpec {
  return { name, unit, rule: { kind: 'gauge', column, scale }, meaning, ...rows }
}

/** The growth of one counter for each unit of growth of another, such as milliseconds a read. */
export function ratio(name: string, [column, per]: readonly [string, string], unit: string, meaning: string, scale = 1): MetricSpec {
  return { name, unit, rule: { kind: 'ratio', column, per, scale }, meaning }
}

export function share(name: string, [column, per]: readonly [string, string], meaning: string): MetricSpec {
  return { name, unit: 'percent', rule: { kind: 'share', column, per }, meaning }
}
