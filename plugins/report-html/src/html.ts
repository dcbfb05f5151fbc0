import { type Block, type Page, ROLES, type Section, type Table, type Text } from './document.js'
import { STYLE } from './style.js'

/** Nothing may be loaded or run, whatever stands in the page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** One file that needs no other: no script, no font, no image, no request. */
export function htmlOf(page: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escaped(page.title)}</h1>
<p class="headline">${textOf(page.headline)}</p>
</header>
${page.sections.map(sectionOf).join('\n')}
</main>
</body>
</html>
`
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function sectionOf({ title, blocks }: Section): string {
  return `<section>\n<h2>${escaped(title)}</h2>\n${blocks.map(blockOf).join('\n')}\n</section>`
}

/** Rows of a folded table that are printed too; longer ones would bury the rest in pages of numbers. */
const MOST_PRINTED = 40

function rowsIn(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + (block.kind === 'table' ? block.rows.length : 0), 0)
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${textOf(block.text)}</p>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${textOf(item)}</li>`).join('')}</ul>`
    case 'code':
      return `<pre><code>${block.lines.map(escaped).join('\n')}</code></pre>`
    case 'folded':
      return `<details${rowsIn(block.blocks) > MOST_PRINTED ? ' class="long"' : ''}><summary>${escaped(block.summary)}</summary>\n${block.blocks.map(blockOf).join('\n')}\n</details>`
    case 'table':
      return tableOf(block)
    case 'chart': {
      const keys = block.keys.map((role) => `<span class="key ${role}"><span aria-hidden="true">${ROLES[role].glyph}</span> ${ROLES[role].label}</span>`)
      return `<figure>\n<figcaption><strong>${escaped(block.title)}</strong> ${escaped(block.description)} ${keys.join(' ')}</figcaption>\n${block.svg}\n</figure>`
    }
  }
}

/** A scroll bar of its own keeps a wide table from widening the page. */
function tableOf({ columns, numeric, rows }: Table): string {
  const cellClass = (column: number) => (numeric.includes(column) ? ' class="number"' : '')
  const head = columns.map((name, column) => `<th scope="col"${cellClass(column)}>${escaped(name)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell, column) => `<td${cellClass(column)}>${textOf(cell)}</td>`).join('')}</tr>`)
  return `<div class="wide"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table></div>`
}

function textOf(text: Text): string {
  if (typeof text === 'string') return escaped(text)
  return text
    .map((part) => (typeof part === 'string' ? escaped(part) : 'code' in part ? `<code>${escaped(part.code)}</code>` : `<strong>${escaped(part.strong)}</strong>`))
    .join('')
}
