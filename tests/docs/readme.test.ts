import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from '@semantos/core'
import { describe, expect, test } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(top, 'README.md'), 'utf8')

describe('README.md', () => {
  const [, command = '', screen = ''] = /<!-- screen: (.+) -->\n```\n([\s\S]*?)```/.exec(readme) ?? []

  test('the screen it shows is what the command prints, with the results of a run without a memory, whatever earlier runs have left in theirs', () => {
    const results = () => ['summary.csv', 'trials.csv', 'run.json'].map((file) => readFileSync(join(top, 'experiments/results', file), 'utf8'))
    const semantos = (...words: string[]) => execFileSync('node', ['packages/cli/dist/semantos.js', '--quiet', ...words], { cwd: top })
    const folder = mkdtempSync(join(tmpdir(), 'semantos-readme-'))
    semantos('--seed', '42', '--trials', '16', '--kb', join(folder, 'kb'), '--sandbox', join(folder, 'sysctl.conf'))
    const withoutMemory = results()
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) semantos('--seed', String(seed), '--trials', '16')
    const [program = '', ...words] = command.split(' ')
    expect(execFileSync(program, words, { cwd: top, encoding: 'utf8' })).toBe(screen)
    expect(results()).toEqual(withoutMemory)
  })

  test('every file it links to is there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path)
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter((path) => !existsSync(join(top, path)))).toEqual([])
  })

  test('every semantos command it names is one', () => {
    const help = execFileSync('node', ['packages/cli/dist/semantos.js', 'help', 'all'], { cwd: top, encoding: 'utf8' })
    const named = new Set([...readme.matchAll(/`semantos ([a-z]+)/g)].map(([, name = '']) => name))
    expect([...named].filter((name) => !new RegExp(`^  ${name}\\b`, 'm').test(help))).toEqual([])
  })
})

const PAGES = [
  'README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'core/README.md',
  ...readdirSync(join(top, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
  ...readdirSync(join(top, 'plugins')).map((name) => `plugins/${name}/README.md`),
].map((page) => ({ page, text: readFileSync(join(top, page), 'utf8') }))

/** Every `semantos …` of a page: its command (none: run) and the flags it is given. */
const commands = PAGES.flatMap(({ page, text }) =>
  [...text.matchAll(/`semantos ([^`]+)`/g)].map(([, words = '']) => {
    const [first = ''] = words.split(' ')
    return { page, command: first.startsWith('-') ? 'run' : first, flags: [...words.matchAll(/--[a-z-]+/g)].map(([flag]) => flag) }
  }),
)

describe('the commands of every page', () => {
  test.each([...new Set(commands.map(({ command }) => command))])('semantos %s is one, and takes the flags it is shown with', (command) => {
    const help = execFileSync('node', ['packages/cli/dist/semantos.js', 'help', 'all', command], { cwd: top, encoding: 'utf8' })
    expect(help).toMatch(new RegExp(`^Usage: semantos ${command}\\b`))
    for (const { page, flags } of commands.filter((one) => one.command === command)) for (const flag of flags) expect(help, page).toContain(flag)
  })

  test('every npm script that is named is there', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')))
    const named = PAGES.flatMap(({ text }) => [...text.matchAll(/npm run ([a-z]+)/g)].map(([, name = '']) => name))
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  test('every shell script that is named is there, and is sound to bash', () => {
    const named = new Set(PAGES.flatMap(({ text }) => [...text.matchAll(/bash (\S+\.sh)/g)].map(([, path = '']) => path)))
    expect(named.size).toBeGreaterThan(1)
    for (const path of named) execFileSync('bash', ['-n', path], { cwd: top })
  })

  test('the dry run shows the plan against this kernel, says that telemetry is synthetic, and changes nothing', () => {
    const printed = execFileSync('bash', ['experiments/run_sysctl_dryrun.sh'], { cwd: top, encoding: 'utf8' })
    expect(printed).toMatch(/^Telemetry, .* is of a synthetic host\. .*\nknob +now +plan +because\n[\s\S]*\ndry run: nothing was changed/)
  })
})
