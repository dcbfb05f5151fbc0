import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { like } from '../faults/config-folder.js'
import { semantos, workspace } from './semantos.js'

/** A plugin in a file of its own beside the config, whose setup begins on line 3. */
function withPlugin(setup: string): string {
  const folder = workspace('bug')
  writeFileSync(join(folder, 'mine.mjs'), `import { SemantosError, definePlugin, z } from '@semantos/core'
export default definePlugin({ name: 'mine', stage: 'telemetry', api: 1, from: import.meta.url, options: z.strictObject({}), setup({ hooks }) {
${setup}
} })`)
  const config = { extends: '@semantos/preset-reproduction', trials: 2, telemetry: ['@semantos/telemetry-synthetic', { use: './mine.mjs' }] }
  writeFileSync(join(folder, 'semantos.config.json'), JSON.stringify(config))
  return folder
}

describe('a bug of a plugin is found', () => {
  const UNDEFINED = "hooks.collect.tapPromise('one', async () => {})\nundefined.foo()"

  test('by the line where it is thrown', async () => {
    const folder = withPlugin(UNDEFINED)
    const { status, stderr } = await semantos(folder, 'plan')
    expect(status).toBe(2)
    expect(stderr).toContain("mine failed in setup: Cannot read properties of undefined (reading 'foo')")
    expect(stderr).toMatch(/^ {2}at: {5}.*\/mine\.mjs:4:11$/m)
  })

  test('by its stack, with --trace', async () => {
    const folder = withPlugin(UNDEFINED)
    expect((await semantos(folder, 'plan')).stderr).not.toContain('    at ')
    expect((await semantos(folder, 'plan', '--trace')).stderr).toMatch(/^TypeError: Cannot read properties.*\n {4}at .*mine\.mjs:4:11/m)
  })

  test('in JSON, with its cause', async () => {
    const { stderr } = await semantos(withPlugin(UNDEFINED), 'plan', '--json')
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'SEMANTOS_E_PLUGIN_THREW', plugin: 'mine', hook: 'setup', place: like(/mine\.mjs:4:11$/), cause: "TypeError: Cannot read properties of undefined (reading 'foo')" },
    })
  })

  test('where it comes from a call to the core', async () => {
    const { stderr } = await semantos(withPlugin("hooks.collect.tapPromise('one', () => {\nthrow new SemantosError('SEMANTOS_E_MINE', { message: 'no entropy' })\n})"), 'plan')
    expect(stderr).toContain("there is no error code 'SEMANTOS_E_MINE', use one of docs/errors.md; it was to say: no entropy")
    expect(stderr).toMatch(/mine\.mjs:4:7$/m)
  })

  test('when it cannot close', async () => {
    const { status, stderr } = await semantos(withPlugin("hooks.dispose.tapPromise('close', () => { throw new Error('still busy') })"), 'plan', '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'SEMANTOS_E_DISPOSE', plugin: 'mine', hook: 'dispose', place: like(/mine\.mjs:3/), cause: 'mine failed in dispose: still busy' } })
  })
})

describe('a reasoner', () => {
  test.each([
    ['changes the plan that it was handed', "plan.recommendations.push({ knob: 'vm.swappiness', value: 10, rationale: 'mine', expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.2 }); return plan", 'mine: reason changed what it was handed; return a copy with the changes', like(/semantos\.config\.mjs:5:\d+$/)],
    ['returns nothing', '', 'mine: reason returned nothing; return the plan, as it came or changed', null],
  ])('that %s is told so', async (_, body, message, place) => {
    const folder = workspace('bug')
    writeFileSync(join(folder, 'semantos.config.mjs'), `
      import { definePlugin, z } from '@semantos/core'
      import { reproduction } from '@semantos/preset-reproduction'
      const mine = definePlugin({ name: 'mine', stage: 'reasoning', api: 1, options: z.strictObject({}), setup({ hooks }) {
        hooks.reason.tapPromise('one', (plan) => { ${body} })
      } })
      export default { ...reproduction(), reasoning: mine() }`)
    const { status, stderr } = await semantos(folder, 'plan', '--json')
    expect(status).toBe(3)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'SEMANTOS_E_PLUGIN_OUTPUT', message, plugin: 'mine', hook: 'reason', place } })
  })
})

describe('an error that nobody waits for', () => {
  test.each([
    ['in a timer', "setTimeout(() => { throw new Error('too late') }, 1)"],
    ['of a promise', "setTimeout(() => void Promise.reject(new Error('too late')), 1)"],
  ])('%s is the failure of the run, and nothing stays applied', async (_, setup) => {
    const folder = withPlugin(`hooks.collect.tapPromise('slow', ({ add }, { signal }) => new Promise((resolve) => { signal.onabort = resolve }))\n${setup}`)
    const { status, stdout, stderr } = await semantos(folder)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^semantos: mine failed where nobody waits for it: too late \[SEMANTOS_E_PLUGIN_THREW\]\n {2}at: {5}.*\/mine\.mjs:4:\d+\n {2}plugin: mine\n/)
  })

  test('after the last hook is reported as well', async () => {
    const { status, stderr } = await semantos(withPlugin("hooks.dispose.tapPromise('late', () => new Promise((resolve) => { setTimeout(resolve, 20); setTimeout(() => { throw new Error('too late') }, 1) }))"), 'plan')
    expect(status).toBe(2)
    expect(stderr).toContain('mine failed where nobody waits for it: too late')
  })
})

test.each([
  ["hooks.collect.tapPromise('one', () => process.exit(0))", 'a plugin ended the process (last asked: mine in collect)'],
  ["hooks.collect.tapPromise('one', () => undefined)\nprocess.exit(7)", 'a plugin ended the process while it was set up'],
])('a plugin that ends the process does not do so in silence: %s', async (setup, message) => {
  const { status, stderr } = await semantos(withPlugin(setup), 'plan')
  expect(status).toBe(2)
  expect(stderr).toBe(`semantos: ${message} [SEMANTOS_E_PLUGIN_THREW]\n  next:   A plugin throws an error in place of process.exit(); semantos status shows what stands.\n`)
})

test('a timer that a plugin has left does not keep the command from ending, and is told', async () => {
  const { status, stdout, stderr } = await semantos(withPlugin("hooks.collect.tapPromise('one', () => {})\nsetInterval(() => {}, 100)"), 'plan')
  expect(status).toBe(0)
  expect(stdout).toContain('guards: ')
  expect(stderr).toBe('semantos: done, and ended by force: a plugin has left something open (Timeout); its author closes it in hooks.dispose\n')
})

describe('a word that is no command', () => {
  test.each([
    [['plna'], "there is no command called 'plna'", 'semantos plna', 'Did you mean semantos plan?'],
    [['--trace', 'plan'], "the command 'plan' must be the first word", 'plan', 'Write semantos plan, and options behind it.'],
    [['xxxxxxxxxxxxxxx'], "there is no command called 'xxxxxxxxxxxxxxx'", 'semantos xxxxxxxxxxxxxxx', 'See semantos --help.'],
  ])('%j', async (words, message, place, next) => {
    const { status, stdout, stderr } = await semantos(workspace('word'), ...words)
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `semantos: ${message} [SEMANTOS_E_USAGE]\n  at:     ${place}\n  next:   ${next}\n` })
  })
})
