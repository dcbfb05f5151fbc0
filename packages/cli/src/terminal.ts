import { isatty } from 'node:tty'
import { createColors } from 'picocolors'
import { harmless } from './print.js'

/** Colours on a terminal, plain text elsewhere; NO_COLOR and FORCE_COLOR are heeded. */
export function colours(stream: { readonly fd: number }): ReturnType<typeof createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  // Never left to picocolors, which colours every pipe where CI is set.
  const terminal = isatty(stream.fd) && TERM !== 'dumb'
  return createColors(!NO_COLOR && (Boolean(FORCE_COLOR) || terminal))
}

/** One line that overwrites itself on a terminal's stderr; silent elsewhere, and where nothing but errors is wanted. */
export class Progress {
  readonly #shown: boolean
  #last = 0

  constructor({ quiet = false }: { readonly quiet?: boolean } = {}) {
    this.#shown = process.stderr.isTTY && !quiet
  }

  show(text: string): void {
    const now = performance.now()
    if (!this.#shown || now - this.#last < 50) return
    this.#last = now
    process.stderr.write(`\r\x1b[K${harmless(text).slice(0, Math.max(20, process.stderr.columns - 1))}`)
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K')
  }
}

/** Columns padded to their widest cell. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths = rows.reduce<number[]>((widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, visibleLength(cell))), [])
  return rows.map((row) => `${indent}${row.map((cell, column) => pad(cell, column === row.length - 1 ? 0 : (widths[column] ?? 0))).join('  ')}`.trimEnd()).join('\n')
}

/** What a file shows, for a cell of a table: of a drop-in, which has many lines, how many. */
export function shownIn(text: string | null, none = '-'): string {
  if (text === null) return none
  const lines = text.replace(/\n$/, '').split('\n').length
  return lines > 1 ? `${lines} lines` : text
}

/** Lines no wider than `width` where words allow it, each but the first indented by `hang`. */
export function folded(text: string, width: number, hang: number): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length > 0 && visibleLength(longer) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.join(`\n${' '.repeat(hang)}`)
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - visibleLength(cell)))
}

function visibleLength(cell: string): number {
  return cell.replace(/\x1b\[[0-9;]*m/g, '').length
}
