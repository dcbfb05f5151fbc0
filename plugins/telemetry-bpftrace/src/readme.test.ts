import { readFileSync } from 'node:fs'
import { MetricName } from '@semantos/core'
import { expect, it } from 'vitest'
import { metricsOf } from './metrics.js'
import { Options } from './options.js'
import { PROBES, PROBE_NAMES } from './probes.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('has a row for every option, with its default', () => {
  const rows = new Map([...readme.matchAll(/^\| `(\w+)` \| `([^`]+)` \| /gm)].map(([, name = '', shown = '']) => [name, shown]))
  for (const [name, schema] of Object.entries(Options.shape)) {
    expect(rows.get(name)?.replaceAll(' ', ''), name).toBe(JSON.stringify(schema.parse(undefined)).replaceAll('"', ''))
  }
})

it('has a row for every histogram, with what it measures', () => {
  expect(Object.keys(PROBES)).toEqual([...PROBE_NAMES])
  for (const [name, { metric, meaning }] of Object.entries(PROBES)) expect(readme).toContain(`| \`${name}\` | \`${metric}…\` | ${meaning} |`)
})

it('names the metrics as they are', () => {
  const { metrics } = metricsOf('block', [{ min: 64, max: 127, count: 2 }])
  for (const { name, unit } of metrics) {
    expect(MetricName.safeParse(name).success, name).toBe(true)
    expect(readme).toMatch(new RegExp(`^\\| .*\`${name.replace(PROBES.block.metric, '…').replace(/[[\]]/g, '\\$&')}\`.* \\| ${unit} \\| `, 'm'))
  }
})
