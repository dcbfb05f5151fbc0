/** Text with parts of it set as code or strong. What is inside is data, never markup: each renderer escapes it. */
export type Text = string | readonly (string | { readonly code: string } | { readonly strong: string })[]

export interface Table {
  readonly kind: 'table'
  readonly columns: readonly string[]
  /** Columns of numbers, set to the right. */
  readonly numeric: readonly number[]
  readonly rows: readonly (readonly Text[])[]
}

export interface Chart {
  readonly kind: 'chart'
  /** Also the accessible title of the SVG. */
  readonly title: string
  readonly description: string
  /** What the marks stand for. */
  readonly keys: readonly Role[]
  readonly svg: string
}

/** What came of an arm; charts give each role a shape of its own beside its colour. */
export type Role = 'baseline' | 'kept' | 'compared' | 'screened'

export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  | { readonly kind: 'folded'; readonly summary: string; readonly blocks: readonly Block[] }
  | Table
  | Chart

export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** The report before it is HTML or Markdown: both are written from this, so they say the same. */
export interface Page {
  readonly title: string
  /** What came of it, in one or two sentences that claim no more than the verdicts. */
  readonly headline: Text
  readonly sections: readonly Section[]
}

export const ROLES: Readonly<Record<Role, { readonly glyph: string; readonly label: string }>> = {
  baseline: { glyph: '●', label: 'baseline' },
  kept: { glyph: '◆', label: 'kept' },
  compared: { glyph: '▲', label: 'compared, not kept' },
  screened: { glyph: '○', label: 'tried, not compared' },
}

export function paragraph(...text: Exclude<Text, string>): Block {
  return { kind: 'paragraph', text }
}

export function code(text: string): { readonly code: string } {
  return { code: text }
}
