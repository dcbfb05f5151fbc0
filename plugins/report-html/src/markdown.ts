import type { Block, Page, Table, Text } from './document.js'

/** The page as GitHub's Markdown. Charts are left to report.html; every number they show is in a table. */
export function markdownOf(page: Page): string {
  const sections = page.sections.map(({ title, blocks }) => `## ${escaped(title)}\n\n${blocks.map(blockOf).filter((text) => text !== '').join('\n\n')}`)
  return `# ${escaped(page.title)}\n\n${textOf(page.headline)}\n\n${sections.join('\n\n')}\n`
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return textOf(block.text)
    case 'list':
      return block.items.map((item) => `- ${textOf(item)}`).join('\n')
    case 'code':
      return block.lines.map((line) => `    ${oneLine(line)}`).join('\n')
    case 'folded':
      return [`${escaped(block.summary)}:`, ...block.blocks.map(blockOf)].join('\n\n')
    case 'table':
      return tableOf(block)
    case 'chart':
      return ''
  }
}

function tableOf({ columns, numeric, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = columns.map((_, column) => (numeric.includes(column) ? '---:' : '---'))
  return [line(columns.map(escaped)), line(rule), ...rows.map((row) => line(row.map(textOf)))].join('\n')
}

function textOf(text: Text): string {
  if (typeof text === 'string') return escaped(text)
  return text.map((part) => (typeof part === 'string' ? escaped(part) : 'code' in part ? codeOf(part.code) : `**${escaped(part.strong)}**`)).join('')
}

/** Everything that Markdown or the HTML inside it could take for markup; a bar would end a table's cell. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|#&~]/g, '\\$&')
}

/** No backslash works inside code, so what would end it is replaced by what looks alike. */
function codeOf(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '¦')}\``
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
