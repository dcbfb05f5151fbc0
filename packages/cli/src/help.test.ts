import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { OTHERS } from './commands/all-commands.js'
import { defineRun } from './commands/run.js'
import { offeredBy } from './completion-spec.js'
import { scratch, semantos } from '../../../tests/cli/semantos.js'

/** A terminal of 24 lines of 80 columns, whose last line is the prompt. */
const ROWS = 23
const COLUMNS = 80

const program = new Command()
for (const define of [defineRun, ...OTHERS]) define(program, () => undefined)
const commands = offeredBy(program)

async function help(...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await semantos(scratch('help'), ...words)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

describe('--help fits a screen', () => {
  test.each([[['--help']], [['help']], [['run', '--help']], [['help', 'run']], ...commands.map(({ name }) => [[name, '--help']])])('%j', async (words) => {
    const lines = (await help(...words)).trimEnd().split('\n')
    expect(lines.filter((line) => line.length > COLUMNS)).toEqual([])
    expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(ROWS)
  })
})

describe('what --help leaves out', () => {
  test('every command is named there all the same', async () => {
    const text = await help('--help')
    for (const { name } of commands) expect(text).toMatch(new RegExp(`(?:^ {2}|[ \\n])${name}(?: {2}|,|\\.)`, 'm'))
    expect(text).toMatch(/semantos help all\n$/)
  })

  test('a command says how many options it leaves out, and where they are', async () => {
    const [, left = '', where = ''] = /\n(\d+) more options: semantos (.*)\n$/.exec(await help('run', '--help')) ?? []
    const whole = await help(...where.split(' '))
    expect(whole.match(/^ {2}-/gm)?.length).toBe(commands.find(({ name }) => name === 'run')?.flags.length)
    expect(Number(left)).toBeGreaterThan(3)
  })

  test.each(commands)('semantos help all shows every option of $name', async ({ name, flags }) => {
    const whole = await help('help', 'all', name)
    expect(whole).toMatch(new RegExp(`^Usage: semantos ${name}\\b`))
    for (const { long } of flags) expect(whole).toMatch(new RegExp(`^ {2}${long}\\b`, 'm'))
  })

  test('semantos help all shows all of them, and those below a command', async () => {
    const whole = await help('help', 'all')
    for (const { name } of commands) expect(whole).toContain(`\nUsage: semantos ${name} `)
    expect(whole).toContain('\nUsage: semantos history show [options] <id>\n')
    expect(whole).toContain('--state-dir')
  })
})

test('a word that is no command', async () => {
  const { status, stderr } = await semantos(scratch('help'), 'help', 'tunes')
  expect(status).toBe(2)
  expect(stderr).toMatch(/'tunes' is invalid.*Allowed choices are all, run, plan.*\[SEMANTOS_E_USAGE\]/)
})
