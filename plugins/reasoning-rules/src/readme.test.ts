import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { UNMEASURED } from '../testing/situation.js'
import { SYMPTOMS } from './rules/index.js'
import type { Remedy, Symptom } from './symptom.js'

const README = fileURLToPath(new URL('../README.md', import.meta.url))
const [START, END] = ['<!-- rules: written by src/readme.test.ts -->\n', '<!-- end of rules -->']

function rowsOf({ says, when, remedies, advice }: Symptom): string[] {
  const shownBy = when.missing(UNMEASURED).map((metric) => `\`${metric.replace('[null]', '[device]')}\``).join(', ')
  const rows = remedies.length > 0 ? remedies.map(inWords) : [`${advice ?? ""} | |`]
  return rows.map((row, index) => `| ${index === 0 ? says : ''} | ${index === 0 ? shownBy : ''} | ${row}`)
}

function inWords({ changes, uncertainty }: Remedy): string {
  return `${changes.map(({ direction, knob }) => `${direction} \`${knob}\``).join(', ')} | ${uncertainty} |`
}

/** Written anew by `npx vitest run plugins/reasoning-rules --update`. */
it('is the table of the README', async () => {
  const readme = readFileSync(README, 'utf8')
  const evidence = SYMPTOMS.filter(({ set }) => set === 'evidence')
  const table = ['| symptom | shown by | remedy | u |', '|---|---|---|---|', ...evidence.flatMap(rowsOf)].join('\n')
  const [before = '', rest = ''] = readme.split(START)
  const after = rest.split(END)[1] ?? ''
  await expect(`${before}${START}\n${table}\n\n${END}${after}`).toMatchFileSnapshot(README)
})
