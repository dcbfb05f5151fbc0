import { readFileSync } from 'node:fs'
import { CODES } from '@semantos/core'
import { expect, it } from 'vitest'
import { Options } from './options.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('has a row for every option, with its default', () => {
  const rows = new Map([...readme.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|/gm)].map(([, name = '', shown = '']) => [name, shown.replaceAll('`', '').trim()]))
  expect([...rows.keys()].sort()).toEqual(Object.keys(Options.shape).sort())
  for (const [name, schema] of Object.entries(Options.shape)) {
    const { data } = schema.safeParse(undefined)
    if (data !== undefined) expect(rows.get(name), name).toBe(JSON.stringify(data).replaceAll('"', ''))
  }
})

it('names codes that there are', () => {
  const named = [...readme.matchAll(/`(SEMANTOS_E_\w+)`/g)].map(([, code = '']) => code)
  expect(named.length).toBeGreaterThan(2)
  expect(named.filter((code) => !(code in CODES))).toEqual([])
})
