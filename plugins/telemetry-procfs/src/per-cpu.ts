import { linesOf } from './scan.js'
import { Columns, type Table } from './table.js'

/** A parser for the files in /proc/net/stat: a line of names, then a line of hexadecimal numbers a CPU. */
export function perCpuLines(): (text: string) => Table {
  let header = ''
  let columns = new Columns([])
  return (text) => {
    if (header === '' || !text.startsWith(header)) {
      header = text.slice(0, text.indexOf('\n') + 1)
      columns = new Columns(header.split(/\s+/).filter((name) => name !== ''))
    }
    const rows = new Map<string, Float64Array>()
    for (const scan of linesOf(text, header.length)) rows.set(`cpu${rows.size}`, Float64Array.from(columns.names, () => scan.hex()))
    return { columns, rows }
  }
}
