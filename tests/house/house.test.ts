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
  'no-cycles': ['core/src/stats/a.ts', 'core/src/stats/b.ts'],
  'model-imports-only-zod': ['core/src/model/bad.ts', 'core/src/host/host.ts'],
  'kernel-imports-tapable-zod-and-model': ['core/src/kernel/bad.ts', 'core/src/host/host.ts'],
  'host-knows-no-stage': ['core/src/host/bad.ts', 'core/src/cycle/cycle.ts'],
  'core-knows-no-plugin': ['core/src/cycle/bad.ts', 'plugins/report-x/src/index.ts'],
  'only-cli-imports-the-command-line': ['core/src/config/bad.ts', 'core/src/cli/terminal.ts'],
  'a-plugin-imports-core-and-its-own': ['plugins/report-y/src/bad.ts', 'plugins/report-x/src/index.ts'],
  'a-plugin-goes-through-the-face-of-core': ['plugins/report-y/src/deep.ts', 'core/src/stats/quantile.ts'],
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
    write(imported, 'export const x = 1\n')
    write(file, `export { x } from '${up(file)}${imported.replace(/\.ts$/, '.js')}'\n`)
  }
  write('core/src/stats/b.ts', "export * from './a.js'\nexport const x = 1\n")
  const { stdout } = spawnSync(process.execPath, [join(top, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'core/src', 'plugins'], { cwd: house, encoding: 'utf8' })
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
    ['core/src/cycle/x.ts', "process.stdout.write('x')", 'Only core/src/cli prints'],
    ['plugins/report-x/src/x.ts', "process.stderr.write('x')", 'Only core/src/cli prints'],
    ['plugins/report-x/src/x.ts', "console.log('x')", 'Unexpected console'],
    ['core/src/host/x.ts', "process.stdout.write('x')", 'Only core/src/cli prints'],
    ['core/src/cli/x.ts', "process.stdout.write('x')", 'Print through cli/print.ts'],
    ['plugins/report-x/src/x.ts', 'AbortSignal.timeout(5)', 'Use withTimeLimit of @semantos/core'],
    ['core/src/doctor/x.ts', "readFileSync('/proc/cpuinfo')", 'Only core/src/host touches'],
    ['core/src/cli/x.ts', "writeFileSync(join('/proc/sys', name), '1')", 'Only core/src/host touches'],
    ['plugins/report-x/src/x.ts', 'openSync(`/sys/block/${disk}/queue/scheduler`)', 'Only core/src/host touches'],
  ])('in %s: %s', (file, text, says) => {
    expect(complaints(file, text)).toContain(says)
  })

  test.each([
    ['core/src/cli/x.ts', "print('x')"],
    ['core/src/cli/print.ts', "process.stdout.write('x')"],
    ['core/src/host/x.ts', "readFileSync('/proc/cpuinfo')"],
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
