import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { isSemantosError, MetricName, SemantosError } from '@semantos/core'

/** Far more than a row of numbers needs; a file without line ends is not read into memory whole. */
const LONGEST_LINE = 1024 * 1024

type OnRow = (values: readonly number[]) => void

/**
 * Reads a CSV file row by row: the first row names metrics, every other holds numbers. `onRow` gets each data row as it
 * comes, in constant memory; the columns are returned at the end. A fault anywhere in the file is SEMANTOS_E_DATA_INVALID.
 */
export async function readRecording(file: string, signal: AbortSignal, onRow: OnRow): Promise<readonly string[]> {
  // Loaded when first used: it would be the slowest part of starting up.
  const { parse } = await import('fast-csv')
  try {
    return await pipeline(
      createReadStream(file, { encoding: 'utf8' }),
      (chunks: AsyncIterable<string>) => wholeLines(chunks, file),
      parse({ headers: false }),
      (rows: AsyncIterable<readonly string[]>) => checkRows(rows, file, onRow),
      { signal },
    )
  } catch (error) {
    throw explained(error, file)
  }
}

/** Cuts chunks into lines, and checks their quotes: at one left open the parser would read on to the end of the file. */
async function* wholeLines(chunks: AsyncIterable<string>, file: string): AsyncGenerator<string> {
  const checked = quoteChecker(file)
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/(?<=\n)/)
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '')
    for (const line of lines) yield checked(line)
    if (rest.length > LONGEST_LINE) checked(rest)
  }
  if (rest !== '') yield checked(rest)
}

/** Lets a line pass, or says what is wrong with it. Called for each line in order; a row is never longer than a line. */
function quoteChecker(file: string): (line: string) => string {
  let row = 0
  let columns: readonly string[] = []
  return (line) => {
    const cells = line.includes('"') ? line.replace(/"(?:[^"]|"")*"/g, '""').split(',') : []
    const wrong = cells.findIndex((cell) => cell.includes('"') && cell.trim() !== '""')
    if (wrong >= 0) {
      const place = { row, column: columns[wrong] ?? `number ${wrong + 1}` }
      throw invalid(file, place, 'a quote is not closed, or has text beside it', 'Quote the whole cell or none of it; complete or remove a line that was cut off.')
    }
    if (line.length > LONGEST_LINE) {
      throw invalid(file, { row, column: columns[0] ?? 'number 1' }, 'the line is longer than a million characters', 'Put each row on a line of its own.')
    }
    if (row++ === 0) columns = line.split(',').map((cell) => cell.replace(/^[\ufeff\s"]+|[\s"]+$/g, ''))
    return line
  }
}

const NUL_BYTES = 'Save the file as text in UTF-8: it holds NUL bytes.'
const NO_NUMBER = 'Write a finite number with a decimal point, such as 182.3, or remove the row or the column.'

async function checkRows(rows: AsyncIterable<readonly string[]>, file: string, onRow: OnRow): Promise<readonly string[]> {
  let columns: readonly string[] | null = null
  let row = 0
  let blank: number | null = null
  for await (const cells of rows) {
    if (columns === null) {
      columns = checkHeader(cells, file)
      continue
    }
    row++
    if (cells.length === 0) {
      blank ??= row
      continue
    }
    if (blank !== null) throw invalid(file, { row: blank, column: columns[0] }, 'the row is empty, and others follow', 'Remove the empty line.')
    onRow(checkRow(cells, columns, row, file))
  }
  if (columns === null) throw invalid(file, {}, 'the file is empty', 'Give it a header of metric names and at least one row of numbers.')
  return columns
}

const BAD_NAME = 'Rename the column, or remove it.'
const NO_HEADER = 'Put the names of the metrics into the first line.'

function checkHeader(cells: readonly string[], file: string): readonly string[] {
  if (cells.length === 0) throw invalid(file, { row: 0 }, 'the header is missing: the first line is empty', NO_HEADER)
  if (cells.every((cell) => numberOf(cell) !== null)) {
    throw invalid(file, { row: 0, column: 'number 1' }, 'the header is missing: the first line holds numbers', NO_HEADER)
  }
  for (const [index, name] of cells.entries()) {
    const place = { row: 0, column: `number ${index + 1}` }
    const problem = MetricName.safeParse(name).error?.issues[0]?.message
    if (problem) throw invalid(file, place, `${shown(name)} is no metric name: it ${problem}`, name.includes('\0') ? NUL_BYTES : BAD_NAME)
    if (cells.indexOf(name) < index) throw invalid(file, place, `the column ${name} is there twice`, 'Remove or rename one of the two.')
  }
  return cells
}

function checkRow(cells: readonly string[], columns: readonly string[], row: number, file: string): readonly number[] {
  if (cells.length !== columns.length) {
    const column = columns[cells.length] ?? `number ${columns.length + 1}`
    throw invalid(file, { row, column }, `the row has ${cells.length} cells and the header ${columns.length}`, 'Give the row one number a column.')
  }
  return cells.map((cell, index) => {
    const value = numberOf(cell)
    if (value !== null) return value
    throw invalid(file, { row, column: columns[index] }, `${shown(cell)} is not a finite number`, cell.includes('\0') ? NUL_BYTES : NO_NUMBER)
  })
}

/** A decimal number, blanks around it allowed. `-0` becomes 0, as which it prints. */
function numberOf(cell: string): number | null {
  const text = cell.trim()
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return null
  const value = Number(text) + 0
  return Number.isFinite(value) ? value : null
}

/** A cell as it can be printed: short, and with control characters written out. */
function shown(cell: string): string {
  return cell === '' ? 'an empty cell' : JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell)
}

function explained(error: unknown, file: string): unknown {
  if (isSemantosError(error) || !(error instanceof Error)) return error
  if (error.name === 'AbortError') return error
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return invalid(file, {}, 'there is no such file', 'Correct the path; it is relative to the folder of the config.', error)
  return invalid(file, {}, `the file cannot be read: ${error.message}`, 'Name a CSV file that can be read.', error)
}

/** Row 0 is the header. */
interface Place {
  readonly row?: number
  readonly column?: string | undefined
}

export function invalid(file: string, { row, column }: Place, message: string, next: string, cause?: unknown): SemantosError {
  const where = [file, row === 0 ? 'header' : row === undefined ? '' : `data row ${row}`, column ? `column ${column}` : '']
  return new SemantosError('SEMANTOS_E_DATA_INVALID', { message, place: where.filter((part) => part !== '').join(', '), next, cause })
}
