import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { semantos, workspace } from './semantos.js'

/** The plan of a config as it is printed. */
async function screen(name: string, slots: string, ...words: string[]): Promise<{ stdout: string; stderr: string }> {
  const folder = workspace(name)
  writeFileSync(
    join(folder, 'semantos.config.mjs'),
    `import { definePlugin, z } from '@semantos/core'
import { reproduction } from '@semantos/preset-reproduction'
import fixed from '@semantos/reasoning-fixed'
const plugin = (name, stage, setup) => definePlugin({ name, stage, api: 1, options: z.strictObject({}), setup })()
const preset = reproduction()
export default { ...preset, ${slots} }\n`,
  )
  const { stdout, stderr } = await semantos(folder, ...words)
  return { stdout, stderr }
}

test('a refused plan holds its other changes back, and says "is so" only of what is so', async () => {
  const { stdout } = await screen('held', "reasoning: fixed({ values: { 'vm.swappiness': 10, 'vm.dirty_ratio': 20, 'net.core.somaxconn': 999999999999 } })", 'plan')
  expect(stdout).toMatch(/vm\.swappiness +60 +-> +10 +held back/)
  expect(stdout).toMatch(/vm\.dirty_ratio +20 +-> +20 +is so/)
  expect(stdout).toMatch(/net\.core\.somaxconn +4096 +-> +999999999999 +refused/)
})

test('an unknown knob, and a value of the wrong type, are told once', async () => {
  const { stdout } = await screen('once', "reasoning: fixed({ values: { 'vm.swapiness': 10, 'vm.dirty_ratio': 'low' } })", 'plan')
  const about = (knob: string) => stdout.split('\n').filter((line) => line.includes(`: ${knob}`))
  expect(about('vm.swapiness')).toEqual([expect.stringMatching(/catalogue \(semantos\): .*did you mean vm\.swappiness/)])
  expect(about('vm.dirty_ratio')).toEqual([expect.stringMatching(/type \(semantos\): /)])
})

test('what was not measured stands below the plan, a line for each reason', async () => {
  const { stdout } = await screen(
    'missing',
    `telemetry: [preset.telemetry, plugin('cache', 'telemetry', (kernel) => kernel.hooks.collect.tapPromise('look', (snapshot) => {
      for (const name of ['cache.hits', 'cache.misses']) snapshot.missing({ name, reason: 'connect ECONNREFUSED' })
    }))].flat()`,
    'plan',
  )
  expect(stdout).toMatch(/\nnot measured:\n {2}cache\.hits and 1 more: connect ECONNREFUSED\n/)
})

test('with several reasoners, each row says whose it is', async () => {
  const two = "reasoning: [preset.reasoning, fixed({ values: { 'kernel.sched_wakeup_granularity_ns': 4000000 } })].flat()"
  const { stdout } = await screen('two', two, 'plan')
  expect(stdout).toMatch(/kernel\.sched_wakeup_granularity_ns .*\(@semantos\/reasoning-fixed\)/)
  expect(stdout).toMatch(/vm\.swappiness .*\(@semantos\/reasoning-rules\)/)
})

test('--quiet keeps what plugins say to itself', async () => {
  const chatty = "telemetry: [preset.telemetry, plugin('chatty', 'telemetry', (kernel) => kernel.hooks.collect.tapPromise('talk', (_, context) => context.log('hello')))].flat()"
  expect((await screen('loud', chatty, '--trials', '1')).stderr).toMatch(/chatty: hello/)
  expect((await screen('quiet', chatty, '--trials', '1', '--quiet')).stderr).toBe('')
})
