import { type ChildProcess, execFile, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { z } from 'zod'
import { STAGE_NAMES } from '@semantos/core/kernel'

const CORE = fileURLToPath(new URL('../../core', import.meta.url))

/** A plugin for every stage, a preset that is whole, and packages with something wrong each. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@acme/stages/package.json': JSON.stringify({ name: '@acme/stages', version: '1.2.3', type: 'module', exports: './src/index.js' }),
  '@acme/stages/src/index.js': `
    import { definePlugin, z } from '@semantos/core'
    const options = z.strictObject({ level: z.number().int().min(0).default(1), deep: z.array(z.strictObject({ x: z.string() })).default([]), token: z.string().optional() })
    const of = (stage) => definePlugin({ name: '@acme/' + stage, stage, api: 1, from: import.meta.url, options, setup: ({ hooks }) => hooks.start.tapPromise('none', () => {}) })
    ${[...STAGE_NAMES, 'any'].map((stage) => `export const ${stage} = of('${stage}')`).join('\n')}
    export const future = definePlugin({ name: '@acme/future', stage: 'telemetry', api: 2, options, setup() {} })
    export const typo = definePlugin({ name: '@acme/typo', stage: 'telemetri', api: 1, options, setup() {} })
    export const complete = { name: 'complete', seed: 7, ${STAGE_NAMES.map((stage) => `${stage}: ${stage}()`).join(', ')} }
    export default () => complete`,
  '@acme/telemetry/package.json': JSON.stringify({ name: '@acme/telemetry', version: '1.0.0', type: 'module', exports: './index.js' }),
  '@acme/telemetry/index.js': `export { telemetry as default } from '@acme/stages'`,
  '@acme/report/package.json': JSON.stringify({ name: '@acme/report', version: '1.0.0', type: 'module', exports: { import: './index.js' } }),
  '@acme/report/index.js': `export { report as default } from '@acme/stages'`,
  '@acme/no-plugin/package.json': JSON.stringify({ name: '@acme/no-plugin', version: '1.0.0', type: 'module', exports: './index.js' }),
  '@acme/no-plugin/index.js': 'export default { name: "no plugin" }',
  '@acme/no-default/package.json': JSON.stringify({ name: '@acme/no-default', version: '1.0.0', type: 'module', exports: './index.js' }),
  '@acme/no-default/index.js': `export { telemetry } from '@acme/stages'`,
  '@acme/lookalike/package.json': JSON.stringify({ name: '@acme/lookalike', version: '1.0.0', type: 'module', exports: './index.js' }),
  '@acme/lookalike/index.js': `export { telemetry as default } from '@acme/stages'`,
  '@acme/many/package.json': JSON.stringify({ name: '@acme/many', version: '3.2.1', type: 'module', exports: { './one': './dist/one/index.js' } }),
  '@acme/many/dist/one/index.js': `
    import { definePlugin, z } from '@semantos/core'
    export default definePlugin({ name: '@acme/many/one', stage: 'telemetry', api: 1, options: z.strictObject({}), setup: ({ hooks }) => hooks.start.tapPromise('none', () => {}) })`,
  '@acme/broken/package.json': JSON.stringify({ name: '@acme/broken', version: '1.0.0', type: 'module', exports: './index.js' }),
  '@acme/broken/index.js': 'export default {\n  a: 1\n  b: 2\n}\n',
  '@acme/not-built/package.json': JSON.stringify({ name: '@acme/not-built', version: '1.0.0', type: 'module', exports: './dist/index.js' }),
  '@acme/not-built-esm/package.json': JSON.stringify({ name: '@acme/not-built-esm', version: '1.0.0', type: 'module', exports: { import: './dist/index.js' } }),
  '@acme/called/package.json': JSON.stringify({ name: '@acme/called', version: '1.0.0', type: 'module', exports: './index.js' }),
  '@acme/called/index.js': `import { telemetry } from '@acme/stages'\nexport default telemetry()`,
  '@acme/throws/package.json': JSON.stringify({ name: '@acme/throws', version: '1.0.0', type: 'module', exports: './index.js' }),
  '@acme/throws/index.js': "\nthrow new Error('no luck')",
  '@acme/layered/package.json': JSON.stringify({ name: '@acme/layered', version: '1.0.0', type: 'module', exports: './index.js' }),
  '@acme/layered/index.js': `import { telemetry } from '@acme/stages'; export default { extends: '@acme/stages', name: 'layered', telemetry: telemetry({ level: 5 }) }`,
}

const Answer = z.union([
  z.object({
    resolved: z.object({
      file: z.string(),
      name: z.string(),
      seed: z.number(),
      trials: z.number(),
      fixedTime: z.string().nullable(),
      slo: z.object({ p95_ms: z.number() }),
      timeLimitsMs: z.record(z.string(), z.number()),
      paths: z.record(z.string(), z.string()),
      slots: z.record(z.string(), z.array(z.object({ plugin: z.string(), options: z.unknown() }))),
      origins: z.record(z.string(), z.string()),
    }),
  }),
  z.object({ failure: z.object({ code: z.string(), message: z.string(), place: z.string().nullable(), plugin: z.string().nullable(), next: z.string(), exit: z.number() }) }),
])
type Answer = z.infer<typeof Answer>

/** One process with the built core that loads one config after the other, as Node itself would: no test runner in between. */
class Loader {
  readonly #child: ChildProcess = fork(new URL('load-configs.mjs', import.meta.url), { execArgv: [], env: { ...process.env, NODE_NO_WARNINGS: '1' } })
  readonly #waiting = new Map<number, (answer: unknown) => void>()
  #asked = 0

  constructor() {
    this.#child.on('message', (message) => {
      const { number, answer } = z.object({ number: z.number(), answer: z.unknown() }).parse(message)
      this.#waiting.get(number)?.(answer)
    })
    this.#child.unref()
    this.#child.channel?.unref()
  }

  async load(folder: string, file: string | null): Promise<Answer> {
    const number = this.#asked++
    this.#child.channel?.ref()
    const answer = new Promise((resolve) => this.#waiting.set(number, resolve))
    this.#child.send({ number, folder, file })
    return Answer.parse(await answer)
  }
}

let loader: Loader | null = null

/** A real folder with these files, where `@semantos/core` and the packages of `@acme` are installed. Its paths start with `folder`. */
export class ConfigFolder {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-config-')))

  constructor(files: Readonly<Record<string, string>>) {
    const packages = Object.entries(PACKAGES).map(([path, text]) => [join('node_modules', path), text] as const)
    for (const [path, text] of [['package.json', '{ "name": "project", "type": "module" }'] as const, ...packages, ...Object.entries(files)]) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true })
      writeFileSync(join(this.folder, path), text)
    }
    mkdirSync(join(this.folder, 'node_modules/@semantos'))
    symlinkSync(CORE, join(this.folder, 'node_modules/@semantos/core'))
  }

  async #load(file: string | null, from: string): Promise<Answer> {
    loader ??= new Loader()
    return loader.load(join(this.folder, from), file)
  }

  async resolved(file: string | null = null, from = '.'): Promise<Extract<Answer, { resolved: unknown }>['resolved']> {
    const answer = await this.#load(file, from)
    if ('resolved' in answer) return answer.resolved
    throw new Error(`${answer.failure.message} (${answer.failure.code})`)
  }

  /** How loading fails. The place is given relative to the folder. */
  async failure(file: string | null = null, from = '.'): Promise<Extract<Answer, { failure: unknown }>['failure']> {
    const answer = await this.#load(file, from)
    if ('resolved' in answer) throw new Error('it was expected to fail')
    const { place, ...failure } = answer.failure
    return { ...failure, place: place?.replaceAll(`${this.folder}/`, '') ?? null }
  }

  /** The built command, as a user runs it. */
  semantos(args: readonly string[], from = '.'): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [join(CORE, '../packages/cli/dist/semantos.js'), ...args], { cwd: join(this.folder, from), env: { ...process.env, NO_COLOR: '1' } }, (_, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }))
    })
  }
}

/** A text that matches, inside an object that is expected. */
export function like(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
