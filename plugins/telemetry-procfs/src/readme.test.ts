import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MetricName } from '@semantos/core'
import { expect, it } from 'vitest'
import { collectors } from './collectors/index.js'
import type { Collector, Rule } from './table.js'

const README = fileURLToPath(new URL('../README.md', import.meta.url))
const [START, END] = ['<!-- metrics: written by src/readme.test.ts -->\n', '<!-- end of metrics -->']

const specs = collectors.flatMap((collector) => collector.metrics)

function fieldOf(rule: Rule): string {
  return rule.kind === 'gauge' || rule.kind === 'rate' ? rule.column : `${rule.column} / ${rule.per}`
}

function rowsOf({ file, rows, metrics }: Collector): string[] {
  return metrics.map((spec) => {
    const each = rows === 'device' ? ` \`[device]\`${spec.rows === 'each' ? ' only' : ''}` : ''
    return `| \`${spec.name}\`${each} | ${spec.unit} | ${file} | ${fieldOf(spec.rule)} | ${spec.meaning} |`
  })
}

it('names each metric once, with a meaning, in a form the model takes', () => {
  expect(new Set(specs.map((spec) => spec.name)).size).toBe(specs.length)
  for (const spec of specs) {
    expect(MetricName.safeParse(spec.name).success, spec.name).toBe(true)
    expect(spec.meaning.length, spec.name).toBeGreaterThan(8)
  }
})

/** Written anew by `npx vitest run plugins/telemetry-procfs --update`. */
it('is the table of the README', async () => {
  const readme = readFileSync(README, 'utf8')
  const table = ['| metric | unit | file | field | meaning |', '|---|---|---|---|---|', ...collectors.flatMap(rowsOf)].join('\n')
  const [before = '', rest = ''] = readme.split(START)
  const after = rest.split(END)[1] ?? ''
  await expect(`${before}${START}\n${table}\n\n${END}${after}`).toMatchFileSnapshot(README)
})
