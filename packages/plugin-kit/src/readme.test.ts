import { readFileSync } from 'node:fs'
import { STAGES } from '@semantos/core'
import { describe, expect, it } from 'vitest'
import { plugin } from '../testing/failing.js'
import { conformance } from './conformance/conformance.js'
import { worldOf } from './conformance/world/world.js'
import { mount } from './mount.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
/** The words in backticks and plain words of the first columns of its tables. */
const rows = [...readme.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell)

describe('README.md', () => {
  it.each(['examples/telemetry-entropy/src/conformance.test.ts', 'examples/telemetry-nginx/src/conformance.test.ts'])('shows %s as it is', (path) => {
    expect(snippets).toContain(file(path))
  })

  it('shows how a template mounts a list', () => {
    const [shown = ''] = snippets.filter((text) => text.includes('mount(['))
    expect(shown).not.toBe('')
    expect(file('packages/create-semantos-plugin/template/knowledge/src/index.test.ts')).toContain(shown)
  })

  it('lists what mount returns', async () => {
    await using kit = await mount(plugin('any', () => undefined)())
    expect(rows).toEqual(expect.arrayContaining(Object.keys(kit).map((name) => `\`${name}\``)))
  })

  it('lists every stage', () => {
    expect(rows).toEqual(expect.arrayContaining([...Object.keys(STAGES), 'any']))
  })

  it('lists every field of the world', () => {
    const fields = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word))
    expect(fields).toEqual(expect.arrayContaining(Object.keys(worldOf({}))))
  })

  it('lists every group of tests that each plugin must pass', () => {
    const names: string[] = []
    conformance((name) => names.push(name), plugin('any', () => undefined))
    const groups = new Set(names.map((name) => name.split(': ')[1] ?? '').filter((group) => group !== 'hostile input'))
    expect(groups.size).toBe(9)
    for (const group of groups) expect(rows.join(', ')).toContain(group)
  })
})
