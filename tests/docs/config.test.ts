import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { LIFECYCLE, STAGE_NAMES } from '@semantos/core/kernel'
import { STAGES } from '@semantos/core'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ConfigShape, findConfig, loadConfig } from '@semantos/engine'
import { top, workspace } from '../cli/semantos.js'

const page = readFileSync(join(top, 'docs/config.md'), 'utf8')
const guide = readFileSync(join(top, 'docs/plugin-guide.md'), 'utf8')
const SLOTS = [...STAGE_NAMES, 'plugins'] as const

/** The first two columns of the table whose first heading this is. */
function table(heading: string): [string, string][] {
  const [, body = ''] = new RegExp(`^\\| ${heading} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, 'm').exec(page) ?? []
  return [...body.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, first = '', second = '']) => [first, second.trim()])
}

const snippet = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? ''

/** Loads a config as it stands on the page. */
function load(name: string, text: string) {
  const folder = workspace('config-page')
  writeFileSync(join(folder, name), text)
  return loadConfig(folder, name)
}

describe('docs/config.md', () => {
  test('lists every setting with the default that the schema has', () => {
    const { shape } = ConfigShape
    const settings = Object.entries(shape).filter(([key]) => !SLOTS.some((slot) => slot === key))
    expect(table('key')).toEqual([['extends', 'none'], ...settings.map(([key, schema]) => [key, `\`${JSON.stringify(schema.parse(undefined))}\``])])
  })

  test('lists every slot and how many plugins it takes', () => {
    const stages = STAGE_NAMES.map((slot) => {
      const { takes, required } = STAGES[slot]
      const words = takes === 'one' ? (required ? 'one' : 'none or one') : required ? `one or more${takes === 'chain' ? ', in order' : ''}` : 'any number'
      return [slot, words]
    })
    expect(table('slot')).toEqual([...stages, ['plugins', 'any number, of stage `any`']])
  })

  test('lists every key of an entry', () => {
    const keys = table('key of an entry').map(([key]) => key)
    const entry = Object.fromEntries(keys.map((key) => [key, key === 'options' ? {} : 'x']))
    expect(ConfigShape.parse({ telemetry: entry }).telemetry).toEqual([entry])
    expect(keys).toEqual(['use', 'options', 'id'])
  })

  test('lists every path and where it leads unless told', async () => {
    const { paths: { base, ...paths }, timeLimitsMs } = await load('semantos.config.json', '{ "extends": "@semantos/preset-reproduction" }')
    expect(table('path')).toEqual(Object.entries(paths).map(([key, path]) => [key, `\`${relative(base, path)}\``]))
    expect(timeLimitsMs).toEqual({ default: 30_000, measure: 600_000 })
    expect(page).toContain('`default` of `time_limits_ms` is 30,000 and `measure` 600,000')
  })

  test('leads to every hook that a time limit may be set for', () => {
    for (const hook of STAGE_NAMES.flatMap((stage) => STAGES[stage].hooks)) expect(guide).toMatch(new RegExp(`^\\| \\w+ \\| (?:\`\\w+\`, )*\`${hook}\``, 'm'))
    for (const hook of ['setup', ...LIFECYCLE]) expect(page).toContain(`\`${hook}\``)
  })

  test('has an example that sets everything, and is what it says', async () => {
    const text = snippet('yaml')
    expect(Object.keys(ConfigShape.shape).filter((key) => !(key in parse(text)))).toEqual(SLOTS.filter((slot) => slot !== 'telemetry'))
    const { slots, slo, paths } = await load('semantos.config.yaml', text)
    expect(slots.get('telemetry')?.map(({ plugin }) => plugin.id)).toEqual(['@semantos/telemetry-synthetic', '@semantos/telemetry-procfs#slow'])
    const same = await load('semantos.config.ts', snippet('ts'))
    expect(same.slots.get('telemetry')?.map(({ plugin }) => plugin.id)).toEqual(['@semantos/telemetry-synthetic', '@semantos/telemetry-procfs#slow'])
    expect(same.slo).toEqual(slo)
    expect(relative(paths.base, paths.results)).toBe('out')
  })

  test('lists the files in the order in which they are looked for', async () => {
    const names = [...page.matchAll(/^\d+\. `([^`]+)`$/gm)].map(([, name = '']) => name)
    expect(new Set(names).size).toBe(18)
    const folder = mkdtempSync(join(tmpdir(), 'semantos-found-'))
    mkdirSync(join(folder, 'below'))
    for (const name of names) writeFileSync(join(folder, name), name === 'package.json' ? '{ "type": "module", "semantos": {} }' : /\.cjs$/.test(name) ? 'module.exports = {}' : /s$/.test(name) ? 'export default {}' : '{}')
    for (const name of names) {
      expect((await findConfig(join(folder, 'below'), null)).file).toBe(join(folder, name))
      rmSync(join(folder, name))
    }
    rmSync(folder, { recursive: true })
  })
})
