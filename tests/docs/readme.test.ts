import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(top, 'README.md'), 'utf8')

describe('README.md', () => {
  const [, command = '', screen = ''] = /<!-- screen: (.+) -->\n```\n([\s\S]*?)```/.exec(readme) ?? []

  test('the screen it shows is what the command prints', () => {
    const folder = mkdtempSync(join(tmpdir(), 'semantos-readme-'))
    const [program = '', ...words] = command.split(' ')
    const printed = execFileSync(program, [...words, '--sandbox', join(folder, 'sysctl.conf'), '--kb', join(folder, 'kb')], { cwd: top, encoding: 'utf8' })
    expect(printed).toBe(screen)
  })

  test('every file it links to is there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path)
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter((path) => !existsSync(join(top, path)))).toEqual([])
  })

  test('every semantos command it names is one', () => {
    const help = execFileSync('node', ['core/dist/semantos.js', '--help'], { cwd: top, encoding: 'utf8' })
    const named = new Set([...readme.matchAll(/`semantos ([a-z]+)/g)].map(([, name = '']) => name))
    expect([...named].filter((name) => !new RegExp(`^  ${name}\\b`, 'm').test(help))).toEqual([])
  })
})
