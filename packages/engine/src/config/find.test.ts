import { readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigFolder, like } from '../../../../tests/faults/config-folder.js'

const AS_DATA = { extends: '@acme/stages', seed: 99 }
const AS_MODULE = `import { complete } from '@acme/stages'\nexport default { extends: complete, seed: 99 }\n`
const AS_TYPESCRIPT = `import { defineConfig, type SemantosConfig } from '@semantos/core'\nimport { complete } from '@acme/stages'\nconst config: SemantosConfig = { extends: complete, seed: 99 }\nexport default defineConfig(config)\n`
const AS_COMMONJS = 'module.exports = { extends: "@acme/stages", seed: 99 }\n'
const AS_YAML = 'extends: "@acme/stages"\nseed: 99\n'

const FILES: readonly (readonly [name: string, text: string])[] = [
  ['semantos.config.ts', AS_TYPESCRIPT],
  ['semantos.config.mts', AS_TYPESCRIPT],
  ['semantos.config.js', AS_MODULE],
  ['semantos.config.mjs', AS_MODULE],
  ['semantos.config.cjs', AS_COMMONJS],
  ['semantos.config.json', JSON.stringify(AS_DATA)],
  ['semantos.config.yaml', AS_YAML],
  ['semantos.config.yml', AS_YAML],
  ['.semantosrc', AS_YAML],
  ['.semantosrc.json', JSON.stringify(AS_DATA)],
  ['.semantosrc.yaml', AS_YAML],
  ['.semantosrc.yml', AS_YAML],
  ['.semantosrc.js', AS_MODULE],
  ['.semantosrc.mjs', AS_MODULE],
  ['.semantosrc.cjs', AS_COMMONJS],
  ['.semantosrc.ts', AS_TYPESCRIPT],
  ['.semantosrc.mts', AS_TYPESCRIPT],
  ['package.json', JSON.stringify({ name: 'project', type: 'module', semantos: AS_DATA })],
]

describe('a config is found', () => {
  test.each(FILES)('in %s', async (name, text) => {
    const project = new ConfigFolder({ [name]: text })
    expect(await project.resolved()).toMatchObject({ file: join(project.folder, name), seed: 99, slots: { telemetry: [{ plugin: '@acme/telemetry' }] } })
  })

  test('in a folder above, and paths are relative to it', async () => {
    const project = new ConfigFolder({ 'semantos.config.json': JSON.stringify({ ...AS_DATA, paths: { results: 'out' } }), 'a/b/c/x': '' })
    expect(await project.resolved(null, 'a/b/c')).toMatchObject({ file: join(project.folder, 'semantos.config.json'), paths: { base: project.folder, results: join(project.folder, 'out') } })
  })

  test('nearest first', async () => {
    const project = new ConfigFolder({ 'semantos.config.json': JSON.stringify(AS_DATA), 'a/.semantosrc.json': JSON.stringify({ ...AS_DATA, seed: 1 }) })
    expect(await project.resolved(null, 'a')).toMatchObject({ seed: 1 })
  })

  test('where --config says, whatever else there is', async () => {
    const project = new ConfigFolder({ 'semantos.config.json': JSON.stringify(AS_DATA), 'a/other.json': JSON.stringify({ ...AS_DATA, seed: 2 }) })
    expect(await project.resolved('a/other.json')).toMatchObject({ file: join(project.folder, 'a/other.json'), seed: 2 })
  })

  test('in a folder whose name holds a space, a bracket and a letter that is no ASCII', async () => {
    const project = new ConfigFolder({ 'ä (b) c/semantos.config.ts': AS_TYPESCRIPT })
    expect(await project.resolved(null, 'ä (b) c')).toMatchObject({ seed: 99 })
  })

  test('through a symbolic link', async () => {
    const project = new ConfigFolder({ 'real/config.ts': AS_TYPESCRIPT })
    symlinkSync(join(project.folder, 'real/config.ts'), join(project.folder, 'semantos.config.ts'))
    expect(await project.resolved()).toMatchObject({ seed: 99 })
  })
})

describe('no config', () => {
  test('is found outside the project: a folder with a package.json of its own', async () => {
    const project = new ConfigFolder({ 'semantos.config.json': JSON.stringify(AS_DATA), 'other/package.json': '{}' })
    expect(await project.failure(null, 'other')).toMatchObject({ code: 'SEMANTOS_E_CONFIG_NOT_FOUND', exit: 2, next: 'Run semantos init to write a commented one, or name one with --config FILE.' })
  })

  test('is there where --config says', async () => {
    expect(await new ConfigFolder({}).failure('nowhere.ts')).toMatchObject({ code: 'SEMANTOS_E_CONFIG_NOT_FOUND', place: 'nowhere.ts', message: 'there is no such file' })
  })

  test.each([
    ['semantos.config.ts', ''],
    ['semantos.config.mjs', ''],
    ['semantos.config.json', ''],
    ['semantos.config.yaml', '\n'],
    ['semantos.config.ts', 'export const config = {}'],
    ['semantos.config.mjs', 'export const config = {}'],
  ])('is in an empty %s, and the search ends there: %j', async (name, text) => {
    expect(await new ConfigFolder({ [name]: text }).failure()).toMatchObject({ code: like(/CONFIG_INVALID|CONFIG_UNREADABLE|SLOT_CARDINALITY/), place: like(new RegExp(name)), exit: 2 })
  })

  test.each([
    ['a list', '[1, 2]'],
    ['a number', '42'],
    ['a string', '"config"'],
  ])('is %s', async (_, text) => {
    expect(await new ConfigFolder({ 'semantos.config.json': text }).failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_INVALID', place: 'semantos.config.json', message: 'the config must be an object: export default defineConfig({ … })' })
  })
})

describe('a broken config is shown with its file and line:', () => {
  const missingComma = `import { complete } from '@acme/stages'\n\nexport default {\n  extends: complete,\n  seed: 1\n  trials: 2,\n}\n`

  test.each([
    ['semantos.config.ts', missingComma, 6],
    ['semantos.config.mts', missingComma, 6],
    ['semantos.config.mjs', missingComma, 6],
    ['semantos.config.js', missingComma, 6],
    ['semantos.config.cjs', 'module.exports = {\n  seed: 1\n  trials: 2,\n}\n', 3],
    ['semantos.config.json', '{\n  "seed": 1,\n  "trials" 2\n}\n', 3],
    ['semantos.config.yaml', 'seed: 1\ntrials: [1\nslo: 3\n', 3],
    ['.semantosrc', 'seed: 1\n  trials: 2\n', 2],
  ])('a syntax error in %s', async (name, text, line) => {
    const { place, ...failure } = await new ConfigFolder({ [name]: text }).failure()
    expect(failure).toMatchObject({ code: 'SEMANTOS_E_CONFIG_UNREADABLE', exit: 2 })
    expect(place).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')}:${line}(?::\\d+)?$`))
  })

  test.each([
    ['semantos.config.ts', './part.ts', 'part.ts'],
    ['semantos.config.mjs', './part.mjs', 'part.mjs'],
    ['semantos.config.ts', './part.mjs', 'part.mjs'],
    ['semantos.config.ts', './sub folder/part.ts', 'sub folder/part.ts'],
  ])('a syntax error in a sibling that %s imports', async (name, specifier, sibling) => {
    const project = new ConfigFolder({ [name]: `import part from '${specifier}'\nexport default part\n`, [sibling]: 'const a = 1\nexport default { a b }\n' })
    const { place, code } = await project.failure()
    expect(code).toBe('SEMANTOS_E_CONFIG_UNREADABLE')
    expect(place).toMatch(new RegExp(`^${sibling}:2`))
  })

  test.each(['semantos.config.ts', 'semantos.config.mjs', 'semantos.config.cjs'])('an error thrown by %s', async (name) => {
    expect(await new ConfigFolder({ [name]: `const n = 1\n\nthrow new Error('no such profile')\n` }).failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_UNREADABLE', message: 'no such profile', place: `${name}:3:7` })
  })

  test.each(['semantos.config.ts', 'semantos.config.mjs'])('an error that %s causes in a package', async (name) => {
    const project = new ConfigFolder({ [name]: `import { readFileSync } from 'node:fs'\n\nexport default JSON.parse(readFileSync('nowhere.json', 'utf8'))\n` })
    expect(await project.failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_UNREADABLE', message: like(/ENOENT/), place: like(new RegExp(`^${name}:3:`)) })
  })

  test.each([
    ['semantos.config.ts', './nowhere.js'],
    ['semantos.config.ts', 'no-such-package'],
    ['semantos.config.mjs', './nowhere.js'],
    ['semantos.config.mjs', 'no-such-package'],
  ])('%s imports %s, which is not there', async (name, specifier) => {
    const { place, message, code, next } = await new ConfigFolder({ [name]: `\nimport x from '${specifier}'\nexport default x\n` }).failure()
    expect(code).toBe('SEMANTOS_E_CONFIG_UNREADABLE')
    expect(message).toMatch(/Cannot find/)
    expect(message).not.toMatch(/Require stack/)
    expect(place).toBe(`${name}:2`)
    expect(next).toBe(specifier.startsWith('.') ? 'Correct the path in the import.' : `npm install ${specifier} beside the config, or correct its name.`)
  })

  test('a module that is imported by a sibling', async () => {
    const project = new ConfigFolder({ 'semantos.config.mjs': "import part from './part.mjs'\nexport default part\n", 'part.mjs': "\n\nimport x from '@acme/none/part'\nexport default x\n" })
    expect(await project.failure()).toMatchObject({ place: 'part.mjs:3', next: 'npm install @acme/none beside the config, or correct its name.' })
  })

  test('an ending that no config has', async () => {
    expect(await new ConfigFolder({ 'c.toml': 'seed = 1' }).failure('c.toml')).toMatchObject({
      code: 'SEMANTOS_E_CONFIG_UNREADABLE', place: 'c.toml', message: 'a config cannot be written in .toml', next: 'Use one of .ts, .mts, .js, .mjs, .cjs, .json, .yaml, .yml.',
    })
  })

  test.each(['semantos.config.ts', 'semantos.config.mjs'])('%s without a default export', async (name) => {
    expect(await new ConfigFolder({ [name]: 'export const seed = 1' }).failure()).toMatchObject({ message: 'the config has no default export', next: 'Write export default defineConfig({ … }).' })
  })

  test('a package.json that cannot be parsed', async () => {
    expect(await new ConfigFolder({ 'package.json': '{ "name": }' }).failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_UNREADABLE', place: like(/^package\.json/) })
  })

  test('the lines of a broken JSON file are shown once at most', async () => {
    const { message } = await new ConfigFolder({ 'semantos.config.json': '{\n  "seed" 1\n}\n' }).failure()
    expect(message).toMatch(/"seed" 1/)
    expect(message.split('> 2 |').length).toBeLessThanOrEqual(2)
  })
})

describe('a TypeScript config may', () => {
  test.each([
    ['import a sibling by its own name', './part.ts'],
    ['import a sibling as its compiled self', './part.js'],
    ['import a sibling without an ending', './part'],
  ])('%s', async (_, specifier) => {
    const project = new ConfigFolder({ 'semantos.config.ts': `import { complete } from '@acme/stages'\nimport { seed } from '${specifier}'\nexport default { extends: complete, seed }\n`, 'part.ts': 'export const seed: number = 31\n' })
    expect(await project.resolved()).toMatchObject({ seed: 31 })
  })

  test('use an enum', async () => {
    const project = new ConfigFolder({ 'semantos.config.ts': `import { complete } from '@acme/stages'\nenum Seed { lucky = 13 }\nexport default { extends: complete, seed: Seed.lucky }\n` })
    expect(await project.resolved()).toMatchObject({ seed: 13 })
  })

  test('wait at top level', async () => {
    const project = new ConfigFolder({ 'semantos.config.ts': `const { complete } = await import('@acme/stages')\nexport default { extends: complete, seed: await Promise.resolve(17) }\n` })
    expect(await project.resolved()).toMatchObject({ seed: 17 })
  })

  test('leave nothing behind but a cache beside the packages', async () => {
    const project = new ConfigFolder({ 'semantos.config.ts': AS_TYPESCRIPT })
    await project.resolved()
    expect(readdirSync(project.folder).toSorted()).toEqual(['node_modules', 'package.json', 'semantos.config.ts'])
  })
})
