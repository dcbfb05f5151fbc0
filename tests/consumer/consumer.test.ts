import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const example = join(top, 'examples', 'telemetry-entropy')
const guide = readFileSync(join(top, 'docs', 'plugin-guide.md'), 'utf8')
const stranger = join(mkdtempSync(join(tmpdir(), 'semantos-consumer-')), 'plugin')

/** What npm would install: each package's tarball, unpacked; libraries from the workspace, so that no network is needed. */
function install(folder: string): void {
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  execFileSync('npm', ['pack', '--workspaces', '--silent', '--pack-destination', tarballs], { cwd: top, stdio: 'ignore' })
  for (const tarball of readdirSync(tarballs)) {
    const target = join(folder, 'node_modules', '@semantos', tarball.replace(/^semantos-|-\d[^/]*$/g, ''))
    mkdirSync(target, { recursive: true })
    execFileSync('tar', ['-xzf', join(tarballs, tarball), '-C', target, '--strip-components=1'])
  }
  for (const library of ['zod', 'jiti', 'typescript', '@types/node', 'undici-types']) {
    mkdirSync(dirname(join(folder, 'node_modules', library)), { recursive: true })
    symlinkSync(join(top, 'node_modules', library), join(folder, 'node_modules', library))
  }
}

const run = (program: string, ...words: string[]) => execFileSync(program, words, { cwd: stranger, encoding: 'utf8' })

let compilerSays = ''

describe('a plugin outside the workspace, against packed packages', { timeout: 120_000 }, () => {
  beforeAll(() => {
    cpSync(example, stranger, { recursive: true })
    install(stranger)
    for (const [, name = '', code = ''] of guide.matchAll(/<!-- check: (\w+) -->\n```ts\n([\s\S]*?)```/g)) writeFileSync(join(stranger, 'src', `${name}.ts`), code)
    compilerSays = run('node', 'node_modules/typescript/bin/tsc')
  }, 240_000)

  test('it compiles under nodenext, with every snippet of the guide', () => {
    expect(compilerSays).toBe('')
  })

  test('its own tests pass', () => {
    expect(run('node', '--test', '--test-reporter=tap', 'dist/')).toMatch(/# pass 4/)
  })

  test('its config runs, and its metric is in the report', () => {
    mkdirSync(join(stranger, 'node_modules', '@acme'))
    symlinkSync(stranger, join(stranger, 'node_modules', '@acme', 'semantos-telemetry-entropy'))
    const report = run('node', 'node_modules/@semantos/core/dist/semantos.js', '--trials', '2', '--json')
    expect(JSON.parse(report)).toMatchObject({ outcome: 'applied' })
    expect(report).toMatch(/"name":"entropy\.available_bits","value":\d+,"unit":"bits","source":"@acme\/semantos-telemetry-entropy"/)
  })
})

describe('docs/plugin-guide.md', () => {
  test('shows the files of the example as they are', () => {
    const shown = [...guide.matchAll(/<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)```/g)]
    expect(shown.length).toBe(4)
    for (const [, path = '', text = ''] of shown) expect(text, path).toBe(readFileSync(join(top, path), 'utf8'))
  })
})
