import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { semantos, tree, workspace } from './semantos.js'

/** The reproduction with a plugin whose setup this is. */
function withPlugin(setup: string): string {
  const folder = workspace('trace')
  writeFileSync(join(folder, 'semantos.config.mjs'), `
    import { definePlugin, z } from '@semantos/core'
    import { reproduction } from '@semantos/preset-reproduction'
    const mine = definePlugin({ name: 'mine', stage: 'any', api: 1, options: z.strictObject({}), async setup({ hooks }) {
      hooks.start.tapPromise('start', () => undefined)
      ${setup}
    } })
    export default { ...reproduction(), trials: 2, plugins: [mine()] }`)
  return folder
}

const OUCH = "{ throw new Error('ouch') }"

describe('the trace covers what fails', () => {
  test.each([
    ['in setup', OUCH, 'setup', 'setup'],
    ['in configure', `hooks.configure.tapPromise('knobs', () => ${OUCH})`, 'configure', 'knobs'],
    ['in the middle', `hooks.collect.tapPromise('look', () => ${OUCH})`, 'collect', 'look'],
    ['at the end', `hooks.dispose.tapPromise('close', () => ${OUCH})`, 'dispose', 'close'],
  ])('%s', async (_, setup, hook, tap) => {
    const folder = withPlugin(setup)
    const { status, stderr } = await semantos(folder, 'plan', '--trace', '--trace-json', 'trace.json')
    expect(status).not.toBe(0)
    expect(stderr).toMatch(new RegExp(`^${hook} {2}[\\d.]+ ms\\n(?:├─ .*\\n)*[├└]─ mine#${tap} {2}[\\d.]+ ms {2}failed: .*ouch`, 'm'))
    expect(readFileSync(join(folder, 'trace.json'), 'utf8')).toContain(`"cat":"${hook}","name":"${hook} ${tap}"`)
  })
})

test.each([
  { what: 'a link', make: (file: string, other: string) => symlinkSync(other, file), why: 'ELOOP' },
  { what: 'a pipe that is never read', make: (file: string) => void execFileSync('mkfifo', [file]), why: 'ENXIO' },
])('$what in place of the trace is an error, and not followed', async ({ make, why }) => {
  const folder = withPlugin('')
  writeFileSync(join(folder, 'other'), 'untouched')
  make(join(folder, 'trace.json'), 'other')
  const ended = await semantos(folder, 'plan', '--trace-json', 'trace.json')
  expect(ended.stderr).toMatch(new RegExp(`^semantos: cannot write the trace: ${why}.*SEMANTOS_E_WRITE_FAILED`))
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('untouched')
})

test('a hook took as long as its taps together from the first start to the last end, when they ran side by side', async () => {
  const wait = 'new Promise((resolve) => setTimeout(resolve, 200))'
  const { stderr } = await semantos(withPlugin(`hooks.collect.tapPromise('one', () => ${wait})\nhooks.collect.tapPromise('two', () => ${wait})`), 'plan', '--trace')
  const took = (line: RegExp) => Number(new RegExp(`${line.source} {2}([\\d.]+) ms`, 'm').exec(stderr)?.[1])
  const [all, one, two] = [took(/^collect/), took(/mine#one/), took(/mine#two/)]
  expect(Math.min(one, two)).toBeGreaterThan(190)
  expect(all).toBeGreaterThanOrEqual(Math.max(one, two))
  expect(all).toBeLessThan(one + two - 100)
})

describe('a trace that cannot be written', () => {
  test('is refused before anything happens', async () => {
    const folder = withPlugin('')
    const before = tree(folder)
    const ended = await semantos(folder, '--trace-json', 'none/trace.json')
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^semantos: cannot write the trace: ENOENT.*\[SEMANTOS_E_WRITE_FAILED\]\n {2}at: +--trace-json .*\/none\/trace\.json\n {2}next: +Name a file in a folder that is there/)
    expect(tree(folder)).toEqual(before)
  })

  test('at the end is told, and the result is shown and counts', async () => {
    const ended = await semantos(withPlugin(''), '--trace-json', '/dev/full')
    expect(ended.status).toBe(0)
    expect(ended.stdout).toMatch(/^guards: .*allowed/m)
    expect(ended.stderr).toMatch(/^semantos: cannot write the trace: ENOSPC.*\[SEMANTOS_E_WRITE_FAILED\]\n {2}at: +--trace-json \/dev\/full\n {2}next: /)
  })

  test('at the end does not hide how the run failed', async () => {
    const { status, stderr } = await semantos(withPlugin(`hooks.reason.tapPromise('x', () => ${OUCH})`), '--trace-json', '/dev/full')
    expect(status).toBe(2)
    expect(stderr).toMatch(/cannot write the trace[\s\S]*\nsemantos: mine failed in reason: ouch \[SEMANTOS_E_PLUGIN_THREW\]\n/)
  })
})

describe('what fails while everything is closed', () => {
  const CLOSES_BADLY = "hooks.dispose.tapPromise('close', () => { throw new Error('still busy') })"

  test('hides no result', async () => {
    const { status, stdout, stderr } = await semantos(withPlugin(CLOSES_BADLY))
    expect(status).toBe(1)
    expect(stdout).toMatch(/^guards: .*allowed/m)
    expect(stderr).toContain('still busy [SEMANTOS_E_DISPOSE]')
  })

  test('hides no failure', async () => {
    const { status, stderr } = await semantos(withPlugin(`${CLOSES_BADLY}\nhooks.reason.tapPromise('x', () => ${OUCH})`))
    expect(status).toBe(2)
    expect(stderr).toMatch(/^semantos: mine failed in reason: ouch; at the end, could not close everything: mine failed in dispose: still busy \[SEMANTOS_E_PLUGIN_THREW\]\n/)
  })
})
