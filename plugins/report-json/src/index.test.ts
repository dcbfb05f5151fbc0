import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RunReport, z } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import { exampleReport } from '../testing/report.js'
import reportJson from './index.js'

/** As `expect.stringContaining`, of a type that can be assigned. */
const containing = (text: string): unknown => expect.stringContaining(text)

async function write(report: RunReport, options = {}): Promise<string> {
  await using kit = await mount(reportJson(options))
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  await kit.kernel.hooks.report.run(report, kit.cycle)
  return readFileSync(join(kit.paths.base, 'file' in options ? String(options.file) : 'results/run.json'), 'utf8')
}

describe('report-json', () => {
  it('writes the whole run, readable, and it reads back as the same run', async () => {
    const text = await write(exampleReport())
    expect(RunReport.parse(JSON.parse(text))).toEqual(exampleReport())
    expect(text).toMatch(/^\{\n {2}"schema_version": 1,\n/)
    expect(text).toMatch(/\n\}\n$/)
  })

  it('writes to the file it is told, relative to the config', async () => {
    expect(JSON.parse(await write(exampleReport(), { file: 'out/tuesday.json' }))).toMatchObject({ seed: 42 })
  })

  it('finds a folder that cannot be written before anything is applied', async () => {
    const base = mkdtempSync(join(tmpdir(), 'semantos-json-'))
    writeFileSync(join(base, 'results'), 'a file')
    await using kit = await mount(reportJson(), { paths: { base } })
    await expect(kit.kernel.hooks.start.run({ planning: false }, kit.cycle)).rejects.toMatchObject({
      code: 'SEMANTOS_E_WRITE_FAILED',
      place: join(base, 'results', 'run.json'),
      message: containing('a part of the path is a file, not a folder'),
    })
    await kit.kernel.hooks.start.run({ planning: true }, kit.cycle)
    expect(readdirSync(base)).toEqual(['results'])
  })
})

describe('the published schema', () => {
  const Schema = z.custom<Parameters<typeof z.fromJSONSchema>[0]>()
  const published = fileURLToPath(new URL('../schema/run-report.schema.json', import.meta.url))
  const generator = fileURLToPath(new URL('../schema/generate.mjs', import.meta.url))

  it('is up to date (else run schema/generate.mjs)', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'semantos-schema-')), 'schema.json')
    execFileSync(process.execPath, [generator, file])
    expect(readFileSync(published, 'utf8')).toBe(readFileSync(file, 'utf8'))
  })

  it('accepts what is written, and refuses what is not a run', async () => {
    const schema = z.fromJSONSchema(Schema.parse(JSON.parse(readFileSync(published, 'utf8'))))
    const document: unknown = JSON.parse(await write(exampleReport()))
    expect(schema.safeParse(document).error).toBeUndefined()
    expect(schema.safeParse({ ...exampleReport(), outcome: 'perfect' }).success).toBe(false)
    expect(schema.safeParse({ ...exampleReport(), more: 1 }).success).toBe(false)
  })
})
