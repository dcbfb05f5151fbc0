import { AtomicFile } from '@semantos/host'

export type Cell = string | number | boolean | null

/**
 * A CSV file (RFC 4180, with \n) that grows row by row in constant memory, and appears under its name when it is whole. A dozen lines of our own:
 * fast-csv's formatter does the same for cells like these, and takes 16 ms of every run to load and warm up. The tests read with fast-csv.
 */
export class CsvFile {
  readonly file: AtomicFile

  constructor(path: string, columns: readonly string[]) {
    this.file = new AtomicFile(path)
    this.add(columns)
  }

  /** Returns when the row is with the operating system or in the last 64 KiB before it. */
  add(row: readonly Cell[]): void {
    this.file.write(`${row.map(field).join(',')}\n`)
  }

  discard(): void {
    this.file.discard()
  }
}

function field(cell: Cell): string {
  if (cell === null) return ''
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Milliseconds to the nanosecond, so that the last bit of a sum does not show. */
export function rounded(value: number): number {
  return Number(value.toFixed(6)) + 0
}
