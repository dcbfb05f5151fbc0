import { Finder } from './scan.js'
import { Columns, type Table, hostTable } from './table.js'

/**
 * A parser for files of `key value` lines. A column may stand for several keys of the kernel (one a memory zone, or an
 * older name): its value is the sum of those the kernel has.
 */
export function keyedLines(columns: readonly string[], end: string, parts: Readonly<Record<string, readonly string[]>> = {}): (text: string) => Table {
  const known = new Columns(columns)
  const needles = columns.map((column) => (parts[column] ?? [column]).map((key) => `\n${key}${end}`))
  return (text) => {
    const finder = new Finder(text)
    const row = new Float64Array(columns.length)
    for (const [index, keys] of needles.entries()) row[index] = sumOf(keys, finder)
    return hostTable(known, row)
  }
}

function sumOf(keys: readonly string[], finder: Finder): number {
  let sum = Number.NaN
  for (const key of keys) {
    const value = finder.after(key).number()
    if (!Number.isNaN(value)) sum = Number.isNaN(sum) ? value : sum + value
  }
  return sum
}
