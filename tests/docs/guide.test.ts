import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RecommendationDraft, STAGES, unitOf } from '@semantos/core'
import { describe, expect, test } from 'vitest'
import { STAGE_NAMES } from '@semantos/core/kernel'
import { top } from '../cli/semantos.js'

const guide = readFileSync(join(top, 'docs/plugin-guide.md'), 'utf8')
const contexts = readFileSync(join(top, 'core/src/kernel/contexts.ts'), 'utf8')

/** The cells of the table whose first heading this is. */
function table(heading: string): string[][] {
  const [, body = ''] = new RegExp(`^\\| ${heading} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, 'm').exec(guide) ?? []
  return body.trim().split('\n').map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()))
}

const words = (cell = '') => [...cell.matchAll(/`(\w+)/g)].map(([, word = '']) => word)

/** The fields that an interface of contexts.ts declares itself. */
function declared(name: string): string[] {
  const [, body = ''] = new RegExp(`export interface ${name}\\b[^{]*\\{([\\s\\S]*?)^\\}`, 'm').exec(contexts) ?? []
  return [...body.matchAll(/^ {2}readonly (\w+):/gm)].map(([, field = '']) => field)
}

// Its snippets are compiled and run in tests/consumer.
describe('the tables of docs/plugin-guide.md', () => {
  test('have every hook of every stage', () => {
    const rows = table('stage').map(([stage = '', tap]) => words(tap).map((hook) => `${stage} ${hook}`))
    expect(rows.flat().sort()).toEqual(STAGE_NAMES.flatMap((stage) => STAGES[stage].hooks.map((hook) => `${stage} ${hook}`)).sort())
  })

  test('have every field of a context', () => {
    const fields = ['CallContext', 'Cycle', 'Reporting', 'Observed', 'Situation', 'Proposal', 'StepView'].flatMap(declared)
    expect(fields).toContain('snapshot')
    expect(table('in the context').flatMap(([cell]) => words(cell)).sort()).toEqual([...fields, 'observations'].sort())
  })

  test('have every field of a recommendation, with its default', () => {
    const fields = Object.entries(RecommendationDraft.shape).map(([field, schema]) => {
      const { success, data } = schema.safeParse(undefined)
      return [`\`${field}\``, success ? `\`${JSON.stringify(data)}\`` : 'must be given']
    })
    expect(table('field').map(([field, fallback]) => [field, fallback])).toEqual(fields)
  })

  test('have the unit that a name tells of', () => {
    const rows = table('the name ends in').map(([ending = '', unit = '']) => [ending.replaceAll('`', ''), unit.replaceAll('`', '')] as const)
    expect(rows.length).toBeGreaterThan(8)
    for (const [ending, unit] of rows) expect(`${ending} ${unitOf(`x${ending}`)}`).toBe(`${ending} ${unit}`)
  })
})
