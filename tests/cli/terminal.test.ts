import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { hasTerminals, lineOf, onTerminal } from './on-terminal.js'
import { semantos, workspace } from './semantos.js'

const ESCAPE = '\x1b'
const PROGRESS = /\r\x1b\[Ktrial \d+ of 600/
const trials = ['--trials', '300']

let folder = ''
beforeEach(() => {
  folder = workspace('terminal')
  writeFileSync(join(folder, 'semantos.config.mjs'), "import { reproduction } from '@semantos/preset-reproduction'\nexport default reproduction()\n")
})

const written = (file: string) => readFileSync(join(folder, file), 'utf8')

test('without a terminal there is no progress, and not one escape code', async () => {
  const { status, stdout, stderr } = await semantos(folder, ...trials)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^knob/)
  expect(stdout).not.toContain(ESCAPE)
  expect((await semantos(folder, '--config', 'none.mjs')).stderr).not.toContain(ESCAPE)
})

test('a reader that has seen enough, such as head, is no failure', () => {
  const { status, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${lineOf('explain')} | head -1`], { cwd: folder, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

describe.skipIf(!hasTerminals)('on a terminal (skipped where /usr/bin/script is not installed)', () => {
  test('the trials are counted on one line, which is gone at the end', async () => {
    const shown = await onTerminal(folder, lineOf(...trials))
    expect(shown).toMatch(PROGRESS)
    expect(shown).toMatch(/trial \d+ of 600\r\x1b\[K\S*knob/)
  })

  test('progress goes to stderr: stdout in a file has none, and no escape code', async () => {
    const shown = await onTerminal(folder, `${lineOf(...trials)} > out`)
    expect(shown).toMatch(PROGRESS)
    expect(written('out')).toMatch(/^knob/)
    expect(written('out')).not.toContain(ESCAPE)
  })

  test('stderr in a file gets no progress, whatever stdout is', async () => {
    const shown = await onTerminal(folder, `${lineOf(...trials)} 2> err`)
    expect(shown).toMatch(/knob/)
    expect(shown).not.toMatch(/trial \d+ of/)
    expect(written('err')).toBe('')
  })

  test('--quiet shows nothing at all', async () => {
    expect(await onTerminal(folder, lineOf(...trials, '--quiet'))).toBe('')
  })
})
