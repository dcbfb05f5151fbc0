import { Scan, linesOf } from './scan.js'
import { snakeCase } from './snake-case.js'
import { Columns, type MetricSpec, type Table, hostTable, rate } from './table.js'

/** A pair of lines: names behind `Group:`, and numbers behind the same word. */
interface Pair {
  readonly header: string
  readonly group: string
  /** Where the group's numbers go in the row, and how many there are; 0 for a group nobody asked for. */
  readonly first: number
  readonly count: number
}

interface Layout {
  readonly pairs: readonly Pair[]
  readonly columns: Columns
}

/**
 * A parser for /proc/net/netstat and /proc/net/snmp. Columns are named `Group Counter`. The header lines, which the
 * kernel does not change, are learnt once and then only compared.
 */
export function protocolLines(groups: readonly string[]): (text: string) => Table {
  let layout: Layout = { pairs: [], columns: new Columns([]) }
  return (text) => {
    let row = readRow(text, layout)
    if (!row) {
      layout = learn(text, groups)
      row = readRow(text, layout) ?? new Float64Array(layout.columns.names.length).fill(Number.NaN)
    }
    return hostTable(layout.columns, row)
  }
}

/** The metric of a counter without a row of its own in a collector's list; null for constants and strange names. */
export function counterMetric(column: string): MetricSpec | null {
  const [group = '', counter = ''] = column.split(' ')
  if (CONSTANTS.has(column) || !/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(counter)) return null
  const octets = counter.endsWith('Octets')
  return rate(`${group.toLowerCase()}.${snakeCase(counter)}_per_s`, column, `Counter ${counter} of ${group}`, octets ? { unit: 'bytes_per_s' } : {})
}

const CONSTANTS: ReadonlySet<string> = new Set(['Ip Forwarding', 'Ip DefaultTTL', 'Tcp RtoAlgorithm', 'Tcp RtoMin', 'Tcp RtoMax', 'Tcp MaxConn'])

/** Null where the header lines are not those of the layout. */
function readRow(text: string, { pairs, columns }: Layout): Float64Array | null {
  const row = new Float64Array(columns.names.length).fill(Number.NaN)
  const scan = new Scan(text)
  for (const { header, group, first, count } of pairs) {
    if (!text.startsWith(header, scan.at)) return null
    scan.at += header.length
    if (text.startsWith(`${group}:`, scan.at)) {
      scan.at += group.length + 1
      for (let index = first; index < first + count; index++) row[index] = scan.number()
    }
    scan.nextLine()
  }
  return scan.done ? row : null
}

function learn(text: string, groups: readonly string[]): Layout {
  const pairs: Pair[] = []
  const names: string[] = []
  for (const scan of linesOf(text)) {
    const start = scan.at
    const group = scan.word().slice(0, -1)
    const first = names.length
    if (groups.includes(group)) while (!scan.lineDone) names.push(`${group} ${scan.word()}`)
    scan.nextLine()
    pairs.push({ header: text.slice(start, scan.at), group, first, count: names.length - first })
  }
  return { pairs, columns: new Columns(names) }
}
