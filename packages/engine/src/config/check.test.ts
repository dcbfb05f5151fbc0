import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { geteuid } from 'node:process'
import { z } from '@semantos/core'
import { describe, expect, test } from 'vitest'
import { ConfigFolder, like } from '../../../../tests/faults/config-folder.js'

/** A complete config with some keys replaced, in code. */
const withKeys = (keys: string) => new ConfigFolder({ 'semantos.config.mjs': `import * as acme from '@acme/stages'\nexport default { extends: acme.complete, ${keys} }\n` })
/** The same in data. */
const withData = (keys: object) => new ConfigFolder({ 'semantos.config.json': JSON.stringify({ extends: '@acme/stages', ...keys }) })

describe('keys', () => {
  test.each([
    ['telemetri', "Did you mean 'telemetry'?"],
    ['aplier', "Did you mean 'applier'?"],
    ['guardrail', "Did you mean 'guardrails'?"],
    ['plugin', "Did you mean 'plugins'?"],
    ['Seed', "Did you mean 'seed'?"],
    ['extend', "Did you mean 'extends'?"],
    ['something_else', 'Use one of name, seed, trials, knobs, slo, clock, time_limits_ms, paths, telemetry, knowledge, reasoning, guardrails, rollout, applier, monitoring, workload, evaluation, report, plugins, extends.'],
  ])('unknown: %s', async (key, next) => {
    expect(await withData({ [key]: [] }).failure()).toMatchObject({ code: 'SEMANTOS_E_SLOT_UNKNOWN', message: `there is no slot or setting called '${key}'`, place: `semantos.config.json: ${key}`, next, exit: 2 })
  })

  test.each([
    ['seed', -1], ['seed', 1.5], ['seed', '42'], ['seed', 2 ** 53], ['trials', 0], ['trials', -3], ['trials', 1_000_001], ['slo', { p95_ms: 0 }], ['slo', { p95_ms: -1 }], ['slo', { p99_ms: 1 }], ['slo', 120],
    ['clock', 'yesterday'], ['clock', '2026-02-30T00:00:00Z'], ['time_limits_ms', { default: 0 }], ['time_limits_ms', { default: 2 ** 31 }], ['time_limits_ms', { default: 'long' }], ['paths', { results: '' }],
    ['paths', { reslts: 'x' }], ['paths', { results: 'a\0b' }], ['knobs', []], ['knobs', 'vm.*'], ['name', ''], ['telemetry', 7], ['telemetry', [[]]], ['telemetry', { used: '@acme/telemetry' }],
  ])('%s: %j is refused', async (key, value) => {
    expect(await withData({ [key]: value }).failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_INVALID', place: `semantos.config.json: ${key}`, exit: 2 })
  })

  test.each([
    [{ telemetry: { use: '@acme/telemetry', option: {} } }, 'telemetry.option', "Did you mean 'options'?"],
    [{ telemetry: ['@acme/telemetry', { use: '@acme/telemetry', id: 'b', settings: {} }] }, 'telemetry[1].settings', 'Use use, options, id.'],
  ])('a key of an entry that nobody reads: %j', async (keys, place, next) => {
    expect(await withData(keys).failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_INVALID', place: `semantos.config.json: ${place}`, next })
  })

  test('a clock may be the system as well, says the message', async () => {
    expect(await withData({ clock: 'yesterday' }).failure()).toMatchObject({ message: like(/must be 'system' or an ISO time/) })
  })

  test.each([
    ['slo', 120, 'must be such as { p95_ms: 120 }'],
    ['slo', { p99_ms: 1 }, 'Unrecognized key: "p99_ms"'],
    ['knobs', 'vm.*', "must be a list of names and patterns, such as ['vm.*']"],
  ])('%s: %j is told what it should look like', async (key, value, words) => {
    expect((await withData({ [key]: value }).failure()).message).toContain(words)
  })

  test('a time limit for a hook that is not there', async () => {
    expect(await withData({ time_limits_ms: { colect: 5 } }).failure()).toMatchObject({ code: 'SEMANTOS_E_CONFIG_INVALID', message: "there is no hook called 'colect'", place: 'semantos.config.json: time_limits_ms.colect' })
  })

  test('all that can be set', async () => {
    const settings = { name: 'mine', seed: 0, trials: 1, slo: { p95_ms: 0.5 }, clock: '2026-01-01T00:00:00Z', time_limits_ms: { default: 10, measure: 600_000, setup: 5, watch: 7 } }
    const { name, seed, trials, slo, fixedTime, timeLimitsMs } = await withData(settings).resolved()
    expect({ name, seed, trials, slo, fixedTime, timeLimitsMs }).toEqual({ name: 'mine', seed: 0, trials: 1, slo: { p95_ms: 0.5 }, fixedTime: '2026-01-01T00:00:00.000Z', timeLimitsMs: settings.time_limits_ms })
  })

  test('defaults where nothing is set', async () => {
    const config = await new ConfigFolder({ 'semantos.config.mjs': `import { complete } from '@acme/stages'\nconst { name, seed, ...slots } = complete\nexport default slots\n` }).resolved()
    expect(config).toMatchObject({ name: 'unnamed', seed: 42, trials: 16, slo: { p95_ms: 120 }, fixedTime: null, timeLimitsMs: { default: 30_000 } })
  })
})

describe('a slot', () => {
  test('takes one plugin or a list of them, in order', async () => {
    const { slots } = await withKeys(`reasoning: [acme.reasoning({}, { id: 'second' }), acme.reasoning()], telemetry: acme.telemetry()`).resolved()
    expect(slots['reasoning']?.map(({ plugin }) => plugin)).toEqual(['@acme/reasoning#second', '@acme/reasoning'])
    expect(slots['telemetry']).toHaveLength(1)
  })

  test.each([
    ['telemetry', 'at least one plugin'],
    ['reasoning', 'at least one plugin'],
    ['guardrails', 'at least one plugin'],
    ['applier', 'at least one plugin'],
    ['rollout', 'one plugin'],
    ['evaluation', 'one plugin'],
  ])('%s must not be empty', async (slot, words) => {
    expect(await withData({ [slot]: [] }).failure()).toMatchObject({ code: 'SEMANTOS_E_SLOT_CARDINALITY', message: `the slot '${slot}' is empty; it needs ${words}`, place: `semantos.config.json: ${slot}`, exit: 2 })
  })

  test.each(['workload', 'report', 'plugins'])('%s may be empty', async (slot) => {
    expect((await withData({ [slot]: [] }).resolved()).slots[slot]).toEqual([])
  })

  test.each(['rollout', 'workload', 'evaluation'])('%s takes one plugin, not two', async (slot) => {
    expect(await withKeys(`${slot}: [acme.${slot}(), acme.${slot}({}, { id: 'b' })]`).failure()).toMatchObject({ code: 'SEMANTOS_E_SLOT_CARDINALITY', message: `the slot '${slot}' takes one plugin and has 2`, place: `semantos.config.mjs: ${slot}` })
  })

  test('without a preset: the first that is missing is named', async () => {
    expect(await new ConfigFolder({ 'semantos.config.json': '{}' }).failure()).toMatchObject({ code: 'SEMANTOS_E_SLOT_CARDINALITY', message: "the slot 'telemetry' is empty; it needs at least one plugin", next: "Name a plugin of stage 'telemetry', or start from a preset, such as extends: '@semantos/preset-reproduction'." })
  })
})

describe('a plugin', () => {
  test.each([
    ['telemetry: acme.reasoning()', 'telemetry', "@acme/reasoning is a plugin of stage 'reasoning' and stands in the slot 'telemetry'", 'Move it: reasoning: …'],
    ['guardrails: [acme.guardrails(), acme.any()]', 'guardrails[1]', "@acme/any is a plugin of stage 'any' and stands in the slot 'guardrails'", 'Move it: plugins: […]'],
    ['plugins: [acme.workload()]', 'plugins[0]', "@acme/workload is a plugin of stage 'workload' and stands in the slot 'plugins'", 'Move it: workload: …'],
  ])('in the wrong slot is refused: %s', async (keys, place, message, next) => {
    expect(await withKeys(keys).failure()).toMatchObject({ code: 'SEMANTOS_E_SLOT_MISMATCH', place: `semantos.config.mjs: ${place}`, message, next })
  })

  test('of another version of the contract is refused', async () => {
    expect(await withKeys('telemetry: [acme.telemetry(), acme.future()]').failure()).toMatchObject({
      code: 'SEMANTOS_E_PLUGIN_API', place: 'semantos.config.mjs: telemetry[1]', plugin: '@acme/future', exit: 2,
      message: '@acme/future is written for version 2 of the plugin contract; this core has version 1',
    })
  })

  test('of a stage that there is not is told the near one', async () => {
    expect(await withKeys('telemetry: [acme.telemetry(), acme.typo()]').failure()).toMatchObject({
      code: 'SEMANTOS_E_PLUGIN_INVALID', place: 'semantos.config.mjs: telemetry[1]', message: "@acme/typo is of stage 'telemetri', and there is no such stage", next: "Did its author mean 'telemetry'?",
    })
  })

  test.each([
    ['telemetry: acme.telemetry', 'telemetry'],
    ['telemetry: [acme.telemetry()], reasoning: [acme.reasoning]', 'reasoning[0]'],
    ['plugins: [acme.any(), acme.any]', 'plugins[1]'],
  ])('that was not called is told so: %s', async (keys, place) => {
    expect(await withKeys(keys).failure()).toMatchObject({
      code: 'SEMANTOS_E_PLUGIN_INVALID', place: `semantos.config.mjs: ${place}`, message: like(/^this is the factory of @acme\/\w+, not a plugin$/), next: 'Call it: put () behind its name, with its options in between.',
    })
  })

  test.each([
    ['within a slot', 'telemetry: [acme.telemetry(), acme.telemetry({ level: 2 })]', 'semantos.config.mjs: telemetry[1]'],
    ['in two slots', `telemetry: acme.telemetry(), plugins: [acme.any({}, { id: 'x' }), acme.any({}, { id: 'x' })]`, 'semantos.config.mjs: plugins[1]'],
  ])('that is there twice %s is refused', async (_, keys, place) => {
    expect(await withKeys(keys).failure()).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_DUPLICATE', place, message: like(/is configured twice: at .* and at /), next: like(/\{ id: "second" \}\) in code, id: "second" beside use:/) })
  })

  test('may be there twice under two ids', async () => {
    expect((await withKeys(`telemetry: [acme.telemetry(), acme.telemetry({}, { id: 'b' })]`).resolved()).slots['telemetry']?.map(({ plugin }) => plugin)).toEqual(['@acme/telemetry', '@acme/telemetry#b'])
  })
})

describe('an option', () => {
  test.each([
    ['that nobody knows', 'telemetry: [acme.telemetry({ x: 1 })]', 'telemetry[0].options.x'],
    ['that nobody knows, deeper', `telemetry: [acme.telemetry(), acme.telemetry({ deep: [{ x: 'a' }, { x: 'b', y: 1 }] }, { id: 'b' })]`, 'telemetry[1].options.deep[1].y'],
    ['of the wrong type', `telemetry: acme.telemetry({ level: 'high' })`, 'telemetry.options.level'],
    ['out of bounds', 'telemetry: acme.telemetry({ level: -1 })', 'telemetry.options.level'],
    ['that is no number', 'telemetry: acme.telemetry({ level: NaN })', 'telemetry.options.level'],
    ['that is infinite', 'telemetry: acme.telemetry({ level: Infinity })', 'telemetry.options.level'],
    ['missing in a list', 'telemetry: acme.telemetry({ deep: [{}] })', 'telemetry.options.deep[0].x'],
    ['list in place of an object', 'telemetry: acme.telemetry([])', 'telemetry.options'],
  ])('%s is refused with its path', async (_, keys, place) => {
    expect(await withKeys(keys).failure()).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OPTIONS', place: `semantos.config.mjs: ${place}`, plugin: like(/@acme\/telemetry/), exit: 2 })
  })
})

describe('a plugin by name', () => {
  test.each([
    ['alone', '@acme/telemetry', {}],
    ['with options', { use: '@acme/telemetry', options: { level: 4 } }, { level: 4 }],
  ])('%s', async (_, telemetry, options) => {
    expect((await withData({ telemetry }).resolved()).slots['telemetry']).toEqual([{ plugin: '@acme/telemetry', options }])
  })

  test('in YAML, with an id, beside another', async () => {
    const yaml = 'extends: "@acme/stages"\ntelemetry:\n  - "@acme/telemetry"\n  - use: "@acme/telemetry"\n    id: second\n    options:\n      level: 9\n'
    expect((await new ConfigFolder({ 'semantos.config.yaml': yaml }).resolved()).slots['telemetry']).toEqual([{ plugin: '@acme/telemetry', options: {} }, { plugin: '@acme/telemetry#second', options: { level: 9 } }])
  })

  test('that exports itself to import alone', async () => {
    expect((await withData({ report: '@acme/report' }).resolved()).slots['report']).toEqual([{ plugin: '@acme/report', options: {} }])
  })

  test.each(['./ours.mjs', './ours.ts'])('from a file beside the config: %s', async (use) => {
    const source = `import { definePlugin, z } from '@semantos/core'\nexport default definePlugin({ name: 'ours', stage: 'telemetry', api: 1, options: z.strictObject({}), setup() {} })\n`
    const project = new ConfigFolder({ 'semantos.config.json': JSON.stringify({ extends: '@acme/stages', telemetry: { use } }), [use]: source })
    expect((await project.resolved()).slots['telemetry']).toEqual([{ plugin: 'ours', options: {} }])
  })

  test.each([
    ['that is not installed', '@acme/elsewhere', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', message: "cannot find @acme/elsewhere from the config's folder", next: 'Install the package beside the config, or correct its name.' }],
    ['that is mistyped', '@acme/telemetri', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', next: 'Did you mean @acme/telemetry? If not, install the package beside the config.' }],
    ['of which only the last part is given', 'telemetry', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', next: 'Did you mean @acme/telemetry? If not, install the package beside the config.' }],
    ['whose short name is like none', 'tele', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', next: 'Install the package beside the config, or correct its name.' }],
    ['that is not built', '@acme/not-built', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', message: like(/^@acme\/not-built is installed, but there is no file behind what it exports/), next: 'Build the package, or correct its exports.' }],
    ['that is not built, for import alone', '@acme/not-built-esm', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', next: 'Build the package, or correct its exports.' }],
    ['that is a file which is not there', './nowhere.mjs', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', next: 'Correct the path: it starts from the folder of the config.' }],
    ['whose default export was called', '@acme/called', { code: 'SEMANTOS_E_PLUGIN_INVALID', message: 'the default export of @acme/called is a plugin', next: 'Export the factory that definePlugin returns, without calling it: no () behind its name.' }],
    ['that throws when it is imported', '@acme/throws', { code: 'SEMANTOS_E_PLUGIN_INVALID', message: like(/^@acme\/throws cannot be loaded: no luck \(.*@acme\/throws\/index\.js:2:\d+\)$/), next: like(/^Correct the file at the line in brackets/) }],
    ['whose default export is no plugin', '@acme/no-plugin', { code: 'SEMANTOS_E_PLUGIN_INVALID', message: 'the default export of @acme/no-plugin is not a plugin factory' }],
    ['without a default export', '@acme/no-default', { code: 'SEMANTOS_E_PLUGIN_INVALID', message: 'the default export of @acme/no-default is not a plugin factory' }],
    ['with a syntax error', '@acme/broken', { code: 'SEMANTOS_E_PLUGIN_INVALID', message: like(/^@acme\/broken cannot be loaded: .*@acme\/broken\/index\.js:3\)$/) }],
    ['with options that it does not take', { use: '@acme/telemetry', options: { lvl: 1 } }, { code: 'SEMANTOS_E_PLUGIN_OPTIONS', place: 'semantos.config.json: telemetry.options.lvl' }],
    ['that bears the name of another package', '@acme/lookalike', { code: 'SEMANTOS_E_PLUGIN_INVALID', message: 'the package @acme/lookalike holds a plugin that calls itself @acme/telemetry', plugin: '@acme/telemetry' }],
    ["that is one of Node's own modules", 'node:fs', { code: 'SEMANTOS_E_PLUGIN_NOT_FOUND', message: "node:fs is a module of Node's own" }],
    ['of another stage', '@acme/report', { code: 'SEMANTOS_E_SLOT_MISMATCH' }],
  ])('%s is refused', async (_, telemetry, expected) => {
    expect(await withData({ telemetry }).failure()).toMatchObject({ place: 'semantos.config.json: telemetry', exit: 2, ...expected })
  })
})

describe('a definition that lacks something', () => {
  test.each([
    ['no options', "stage: 'telemetry', api: 1, setup() {}", 'options must be a zod schema, such as z.strictObject({})'],
    ['no setup', "stage: 'telemetry', api: 1, options: z.strictObject({})", 'setup must be a function'],
    ['a version in quotes', "stage: 'telemetry', api: '1', options: z.strictObject({}), setup() {}", 'api must be the number 1'],
    ['nothing at all', '', "stage must be the name of a stage; api must be the number 1; options must be a zod schema, such as z.strictObject({}); setup must be a function"],
  ])('%s: in a config and in a package', async (_, spec, wrong) => {
    const source = `import { definePlugin, z } from '@semantos/core'\nexport default z && definePlugin({ name: 'ours', ${spec} })\n`
    const message = `definePlugin was handed a wrong spec: ${wrong}`
    const expected = { code: 'SEMANTOS_E_PLUGIN_INVALID', next: 'Correct what is handed to definePlugin.', exit: 2 }
    expect(await new ConfigFolder({ 'semantos.config.mjs': source }).failure()).toMatchObject({ ...expected, message, place: like(/^semantos\.config\.mjs:2:\d+$/) })
    const byName = new ConfigFolder({ 'semantos.config.json': JSON.stringify({ extends: '@acme/stages', telemetry: './ours.mjs' }), 'ours.mjs': source })
    const failure = await byName.failure()
    expect(failure).toMatchObject({ ...expected, place: 'semantos.config.json: telemetry' })
    expect(failure.message).toContain(`./ours.mjs cannot be loaded: ${message} (`)
    expect(failure.message).toMatch(/ours\.mjs:2:\d+\)$/)
  })
})

describe('where a plugin by name came from', () => {
  const Listing = z.object({ plugins: z.array(z.object({ name: z.string(), api: z.number(), version: z.string(), file: z.string().nullable() })) })

  test('is listed: one of several in a package, one that says nothing of itself, one beside the config', async () => {
    const ours = `import { definePlugin, z } from '@semantos/core'\nexport default definePlugin({ name: 'ours', stage: 'telemetry', api: 1, options: z.strictObject({}), setup: ({ hooks }) => hooks.start.tapPromise('none', () => {}) })\n`
    const project = new ConfigFolder({
      'semantos.config.json': JSON.stringify({ extends: '@acme/stages', telemetry: ['@acme/telemetry', '@acme/many/one', './ours.mjs'] }),
      'ours.mjs': ours,
    })
    const { status, stdout, stderr } = await project.semantos(['plugins', '--json'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(Listing.parse(JSON.parse(stdout)).plugins.slice(0, 3)).toEqual([
      { name: '@acme/telemetry', api: 1, version: '1.0.0', file: join(project.folder, 'node_modules/@acme/telemetry/index.js') },
      { name: '@acme/many/one', api: 1, version: '3.2.1', file: join(project.folder, 'node_modules/@acme/many/dist/one/index.js') },
      { name: 'ours', api: 1, version: 'unknown', file: join(project.folder, 'ours.mjs') },
    ])
    expect((await project.semantos(['plugins'])).stdout).toContain(join(project.folder, 'ours.mjs'))
  })

  describe.skipIf(geteuid?.() !== 0)('as root (skipped for others, who run what they like)', () => {
    const NOBODY = 65534

    test.each([
      ['a file that others may write', 'node_modules/@acme/telemetry/index.js', (path: string) => chmodSync(path, 0o646), 'others may write to '],
      ['a folder that others may write', 'node_modules/@acme', (path: string) => chmodSync(path, 0o777), 'others may write to '],
      ["another's folder among those of all, as in /tmp", '.', (path: string) => chownSync(path, NOBODY, NOBODY), `and what stands in it belongs to user ${NOBODY}`],
    ])('%s is not run', async (_, path, open, why) => {
      const project = withData({ telemetry: '@acme/telemetry' })
      open(join(project.folder, path))
      expect(await project.failure()).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_UNSAFE', exit: 3, message: like(new RegExp(`^root does not run /.*: .*${why}`)) })
    })

    test.each(['semantos.config.mjs', 'semantos.config.ts', 'semantos.config.json', '.semantosrc.yaml'])('nor is a config that others may write: %s', async (name) => {
      const project = new ConfigFolder({ [name]: name.endsWith('s') ? "throw new Error('it was run')" : '{ "extends": "@acme/stages" }' })
      chmodSync(join(project.folder, name), 0o646)
      expect(await project.failure()).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_UNSAFE', place: name })
      expect(await project.failure(join(project.folder, name))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_UNSAFE', place: name })
    })

    test('nor one that another user put above, among the folders of all', async () => {
      const project = withData({ extends: '@acme/stages' })
      mkdirSync(join(project.folder, 'work'))
      chownSync(join(project.folder, 'semantos.config.json'), NOBODY, NOBODY)
      chmodSync(project.folder, 0o1777)
      expect(await project.failure(null, 'work')).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_UNSAFE', place: 'semantos.config.json' })
    })

    test('a folder of their own that others may read is no reason', async () => {
      const project = withData({ telemetry: '@acme/telemetry' })
      chmodSync(join(project.folder, 'node_modules/@acme'), 0o755)
      expect((await project.resolved()).slots['telemetry']).toHaveLength(1)
    })
  })
})

describe('the command', () => {
  test('ends with 2 and says where, why and what next', async () => {
    const { status, stdout, stderr } = await withData({ telemetri: [] }).semantos(['plan'])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/there is no slot or setting called 'telemetri' \[SEMANTOS_E_SLOT_UNKNOWN\]\n {2}at: +.*semantos\.config\.json: telemetri\n {2}next: +Did you mean 'telemetry'\?\n/)
  })

  test('shows the config as it is understood, with secrets redacted', async () => {
    const { status, stdout } = await withData({ telemetry: { use: '@acme/telemetry', options: { token: 'hunter2' } } }).semantos(['config'])
    expect(status).toBe(0)
    expect(stdout).not.toContain('hunter2')
    expect(JSON.parse(stdout)).toMatchObject({ name: 'complete', slots: { telemetry: [{ plugin: '@acme/telemetry', options: { token: '[secret]' } }] } })
  })
})
