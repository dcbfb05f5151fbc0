import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from '@semantos/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const Rules = z.looseObject({ forbidden: z.array(z.looseObject({ name: z.string() })) })
const rules: unknown = createRequire(import.meta.url)('../../.dependency-cruiser.cjs')

/** One file that breaks each rule about imports, and what it imports. */
const VIOLATIONS: Readonly<Record<string, readonly [file: string, imported: string]>> = {
  'no-cycles': ['packages/stats/src/a.ts', 'packages/stats/src/b.ts'],
  'stats-imports-only-what-is-below': ['packages/stats/src/bad.ts', 'core/dist/index.js'],
  'core-imports-only-what-is-below': ['core/src/config/bad.ts', 'packages/host/dist/index.js'],
  'memory-imports-only-what-is-below': ['packages/memory/src/bad.ts', 'packages/host/dist/index.js'],
  'host-imports-only-what-is-below': ['packages/host/src/bad.ts', 'packages/engine/dist/index.js'],
  'formats-imports-only-what-is-below': ['packages/formats/src/bad.ts', 'packages/engine/dist/index.js'],
  'engine-imports-only-what-is-below': ['packages/engine/src/bad.ts', 'packages/cli/dist/main.js'],
  'cli-imports-only-what-is-below': ['packages/cli/src/bad.ts', 'plugins/report-x/dist/index.js'],
  'plugin-kit-imports-only-what-is-below': ['packages/plugin-kit/src/bad.ts', 'packages/cli/dist/main.js'],
  'create-semantos-plugin-imports-only-what-is-below': ['packages/create-semantos-plugin/src/bad.ts', 'packages/engine/dist/index.js'],
  'a-plugin-imports-what-is-below-and-its-own': ['plugins/report-y/src/bad.ts', 'packages/engine/dist/index.js'],
  'packages-meet-at-their-faces': ['plugins/report-y/src/deep.ts', 'packages/stats/src/quantile.ts'],
  'model-imports-only-zod': ['core/src/model/bad.ts', 'core/src/codec/text.ts'],
  'kernel-imports-tapable-zod-and-model': ['core/src/kernel/bad.ts', 'core/src/codec/text.ts'],
  'core-does-no-io': ['core/src/codec/bad.ts', 'node:fs'],
  'only-cli-imports-the-command-line': ['packages/engine/src/line.ts', 'commander'],
}

test('each rule about imports catches what breaks it', () => {
  expect(Object.keys(VIOLATIONS).sort()).toEqual(Rules.parse(rules).forbidden.map(({ name }) => name).sort())
  const house = mkdtempSync(join(tmpdir(), 'semantos-house-'))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(house, file)), { recursive: true })
    writeFileSync(join(house, file), text)
  }
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json']) copyFileSync(join(top, file), join(house, file))
  symlinkSync(join(top, 'node_modules'), join(house, 'node_modules'))
  const up = (file: string) => '../'.repeat(file.split('/').length - 1)
  for (const [file, imported] of Object.values(VIOLATIONS)) {
    const isFile = /\.(ts|js)$/.test(imported)
    if (isFile) write(imported, 'export const x = 1\n')
    write(file, `export { x } from '${isFile ? up(file) + imported.replace(/\.ts$/, '.js') : imported}'\n`)
  }
  write('packages/stats/src/b.ts', "export * from './a.js'\nexport const x = 1\n")
  const { stdout } = spawnSync(process.execPath, [join(top, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'core/src', 'packages', 'plugins'], { cwd: house, encoding: 'utf8' })
  for (const [rule, [file]] of Object.entries(VIOLATIONS)) expect(stdout).toContain(`${rule}: ${file} `)
})

describe('lint refuses', () => {
  /** What lint says of a text that stands in a file. */
  const complaints = (file: string, text: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', `
      import { Linter } from 'eslint'
      import config from ${JSON.stringify(join(top, 'eslint.config.js'))}
      const rules = config.filter(({ rules, files }) => files && rules && ('no-restricted-syntax' in rules || 'no-console' in rules))
      process.stdout.write(JSON.stringify(new Linter({ cwd: ${JSON.stringify(top)} }).verify(${JSON.stringify(text)}, rules, ${JSON.stringify(join(top, file))}).map(({ message }) => message)))
    `], { cwd: top, encoding: 'utf8' })

  test.each([
    ['packages/engine/src/x.ts', "process.stdout.write('x')", 'Only packages/cli prints'],
    ['plugins/report-x/src/x.ts', "process.stderr.write('x')", 'Only packages/cli prints'],
    ['plugins/report-x/src/x.ts', "console.log('x')", 'Unexpected console'],
    ['packages/host/src/x.ts', "process.stdout.write('x')", 'Only packages/cli prints'],
    ['packages/cli/src/x.ts', "process.stdout.write('x')", 'Print through packages/cli/src/print.ts'],
    ['plugins/report-x/src/x.ts', 'AbortSignal.timeout(5)', 'Use withTimeLimit of @semantos/core'],
    ['packages/engine/src/doctor/x.ts', "readFileSync('/proc/cpuinfo')", 'Only packages/host touches'],
    ['packages/cli/src/x.ts', "writeFileSync(join('/proc/sys', name), '1')", 'Only packages/host touches'],
    ['plugins/report-x/src/x.ts', 'openSync(`/sys/block/${disk}/queue/scheduler`)', 'Only packages/host touches'],
  ])('in %s: %s', (file, text, says) => {
    expect(complaints(file, text)).toContain(says)
  })

  test.each([
    ['packages/cli/src/x.ts', "print('x')"],
    ['packages/cli/src/print.ts', "process.stdout.write('x')"],
    ['packages/host/src/x.ts', "readFileSync('/proc/cpuinfo')"],
    ['plugins/report-x/src/x.ts', "host.open('/proc/cpuinfo')"],
  ])('nothing in %s: %s', (file, text) => {
    expect(complaints(file, text)).toBe('[]')
  })
})

test('every plugin runs the conformance suite; presets only list plugins', () => {
  const plugins = readdirSync(join(top, 'plugins')).filter((name) => !name.startsWith('preset-'))
  const suite = (name: string) => join(top, 'plugins', name, 'src', 'conformance.test.ts')
  expect(plugins.filter((name) => !existsSync(suite(name)) || !readFileSync(suite(name), 'utf8').includes('conformance(test, plugin'))).toEqual([])
})

test('tests run in the same surroundings, whoever starts them', () => {
  expect(process.env).not.toHaveProperty('FORCE_COLOR')
  const file = join(mkdtempSync(join(tmpdir(), 'semantos-umask-')), 'file')
  writeFileSync(file, '')
  expect(statSync(file).mode & 0o777).toBe(0o644)
  expect(fc.readConfigureGlobal().seed).toBe(Number(process.env['SEMANTOS_SEED'] ?? 1))
})

test("what tests leave in temporary folders lies in the test run's own, which is removed at its end", () => {
  expect(tmpdir()).toMatch(/\/semantos-tests-\w+$/)
})
