// The table in README.md, from the result.json of each experiment.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PAGE = join(import.meta.dirname, 'README.md')
const START = '<!-- results: written by page.mjs -->'

export function writeTable(names) {
  const results = names.flatMap((name) => (existsSync(join(import.meta.dirname, name, 'result.json')) ? [JSON.parse(readFileSync(join(import.meta.dirname, name, 'result.json'), 'utf8'))] : []))
  const head = ['| experiment | start | kept by the tune | goal | at the start ms | kept ms | best known ms | of the best | trials | kept from the best known | minutes |', '|---|---|---|---|---|---|---|---|---|---|---|']
  const [before] = readFileSync(PAGE, 'utf8').split(START)
  writeFileSync(PAGE, `${before}${START}\n\n${[...head, ...results.map(row)].join('\n')}\n`)
}

function row({ name, goal, start, kept, median_ms: median, share_of_best_pct: share, trials, well_set: wellSet, minutes }) {
  const figures = median ? [median.start, median.kept, median.best].map((ms) => ms.toPrecision(3)) : ['', '', '']
  return `| ${[`[${name}](${name}/README.md)`, code(start), code(kept) || 'nothing', goal, ...figures, share === undefined ? '' : `${Math.round(share)}%`, trials, wellSet ? code(wellSet.kept) || 'nothing' : '', minutes.toFixed(1)].join(' | ')} |`
}

function code(settings) {
  return Object.entries(settings).map(([ref, value]) => `\`${ref}\` = ${Array.isArray(value) ? value.join(' ') : value}`).join('<br>')
}
