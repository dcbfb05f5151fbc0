import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Options } from './options.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('has a row for every option, with its default', () => {
  const rows = new Map([...readme.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|/gm)].map(([, name = '', fallback = '']) => [name, fallback]))
  expect([...rows.keys()].sort()).toEqual(Object.keys(Options.shape).sort())
  for (const [name, schema] of Object.entries(Options.shape)) {
    const { data } = schema.safeParse(undefined)
    const shown = rows.get(name)?.replace(/[,`]/g, '').trim() ?? ''
    if (data !== undefined) expect(`${name} ${shown}`).toBe(`${name} ${JSON.stringify(data).replaceAll('"', '')}`)
  }
})
