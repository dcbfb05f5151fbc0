import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigFolder, like } from '../../../../tests/faults/config-folder.js'

const json = (value: unknown) => ({ 'semantos.config.json': JSON.stringify(value) })
const module = (text: string) => ({ 'semantos.config.mjs': `import * as acme from '@acme/stages'\n${text}` })

describe('extends', () => {
  test('takes a preset object, and every key of it that the config does not name', async () => {
    const project = new ConfigFolder(module('export default { extends: acme.complete }'))
    const config = await project.resolved()
    expect(config).toMatchObject({ name: 'complete', seed: 7, trials: 16, slo: { p95_ms: 120 }, fixedTime: null })
    expect(Object.keys(config.slots)).toEqual(['telemetry', 'knowledge', 'reasoning', 'guardrails', 'rollout', 'applier', 'monitoring', 'workload', 'evaluation', 'report', 'plugins'])
  })

  test('a slot named in the config replaces the slot of the preset; nothing is merged', async () => {
    const project = new ConfigFolder(module(`export default { extends: { ...acme.complete, telemetry: [acme.telemetry({}, { id: 'a' }), acme.telemetry({}, { id: 'b' })] }, telemetry: acme.telemetry({ level: 3 }) }`))
    expect((await project.resolved()).slots['telemetry']).toEqual([{ plugin: '@acme/telemetry', options: { level: 3 } }])
  })

  test('a setting as well, whole', async () => {
    const project = new ConfigFolder(module(`export default { extends: { ...acme.complete, paths: { results: 'theirs', backup: 'theirs' } }, paths: { results: 'ours' } }`))
    expect((await project.resolved()).paths).toMatchObject({ results: join(project.folder, 'ours'), backup: join(project.folder, 'experiments/backup') })
  })

  test('takes the name of a package that exports a preset, or a factory of one', async () => {
    expect(await new ConfigFolder(json({ extends: '@acme/stages' })).resolved()).toMatchObject({ name: 'complete' })
    expect(await new ConfigFolder(json({ extends: '@acme/layered' })).resolved()).toMatchObject({ name: 'layered', seed: 7, slots: { telemetry: [{ options: { level: 5 } }] } })
  })

  test('takes a file beside the config, in TypeScript as well', async () => {
    const preset = `import { complete } from '@acme/stages'\nexport default { extends: complete, seed: 5 as number }\n`
    expect(await new ConfigFolder({ ...json({ extends: './ours.ts' }), 'ours.ts': preset }).resolved()).toMatchObject({ seed: 5 })
  })

  test('may be nested, and says for each key where it came from', async () => {
    const project = new ConfigFolder(json({ extends: '@acme/layered', seed: 1 }))
    const file = join(project.folder, 'semantos.config.json')
    expect((await project.resolved()).origins).toMatchObject({ seed: file, telemetry: `${file}: extends @acme/layered`, name: `${file}: extends @acme/layered`, report: `${file}: extends @acme/layered: extends @acme/stages` })
  })

  test('of itself ends', async () => {
    const project = new ConfigFolder(module('const preset = {}\npreset.extends = preset\nexport default preset'))
    expect(await project.failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_INVALID', message: 'presets extend each other more than 8 deep' })
  })

  test.each([
    ['a package that is not installed', '@acme/none', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', message: "cannot find @acme/none from the config's folder" }],
    ['a package with a syntax error', '@acme/broken', { code: 'SEMANTOS_E_PLUGIN_INVALID', message: like(/node_modules\/@acme\/broken\/index\.js:3/) }],
    ['a package without a default export', '@acme/no-default', { code: 'SEMANTOS_E_CONFIG_INVALID' }],
    ['a preset whose factory fails', './fails.mjs', { code: 'SEMANTOS_E_PLUGIN_INVALID', message: './fails.mjs cannot be loaded: no host named' }],
    ['a number', 3, { code: 'SEMANTOS_E_CONFIG_INVALID' }],
    ['a plugin instead of a preset', '@acme/telemetry', { exit: 2 }],
  ])('cannot take %s', async (_, preset, expected) => {
    const project = new ConfigFolder({ ...json({ extends: preset }), 'fails.mjs': `export default () => { throw new Error('no host named') }` })
    expect(await project.failure()).toMatchObject({ ...expected, place: like(/semantos\.config\.json: extends/) })
  })

  test('a preset that was not called is told so', async () => {
    const project = new ConfigFolder(module('export default { extends: acme.default }'))
    expect(await project.failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_INVALID', place: 'semantos.config.mjs: extends', message: 'this is a function, not a preset', next: 'Call it: put () behind its name.' })
  })

  test('a mistake in a preset is shown there, not in the config', async () => {
    const project = new ConfigFolder(module('export default { extends: { ...acme.complete, telemetri: [] }, seed: 1 }'))
    expect(await project.failure()).toMatchObject({ code: 'SEMANTOS_E_SLOT_UNKNOWN', place: 'semantos.config.mjs: extends: telemetri' })
  })
})
