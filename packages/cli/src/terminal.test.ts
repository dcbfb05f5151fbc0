import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { folded, shownIn } from './terminal.js'

const top = fileURLToPath(new URL('../../..', import.meta.url))

/** What the command prints into a pipe, with nothing in its environment but these. */
const printed = (env: NodeJS.ProcessEnv) => execFileSync(process.execPath, ['packages/cli/dist/semantos.js', 'plugins'], { cwd: top, encoding: 'utf8', env })

describe('colours', () => {
  test('a pipe gets none, also where CI is set', () => {
    expect(printed({ CI: 'true' })).not.toContain('\x1b')
  })

  test('FORCE_COLOR asks for them, and NO_COLOR wins', () => {
    expect(printed({ FORCE_COLOR: '1' })).toContain('\x1b')
    expect(printed({ FORCE_COLOR: '1', NO_COLOR: '1', NODE_NO_WARNINGS: '1' })).not.toContain('\x1b')
  })
})

test('long lists are folded under their column; colours take no room, and a long word stays whole', () => {
  expect(folded('one two three four', 9, 4)).toBe('one two\n    three\n    four')
  expect(folded('\x1b[2mone two\x1b[22m', 7, 4)).toBe('\x1b[2mone two\x1b[22m')
  expect(folded('a net.ipv4.tcp_keepalive_time b', 8, 2)).toBe('a\n  net.ipv4.tcp_keepalive_time\n  b')
})

test('a file of many lines is told by their number', () => {
  expect([shownIn(null), shownIn(null, '?'), shownIn('4096\t131072'), shownIn('# ours\nvm.swappiness = 10\n'), shownIn('')]).toEqual(['-', '?', '4096\t131072', '2 lines', ''])
})
