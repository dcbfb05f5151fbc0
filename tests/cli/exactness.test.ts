import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { semantos, workspace } from './semantos.js'

/** A second telemetry plugin that draws numbers, and a second guard. */
const MORE = `
import { definePlugin, z } from '@semantos/core'
import { reproduction } from '@semantos/preset-reproduction'
const options = z.strictObject({})
const draws = definePlugin({ name: 'draws', stage: 'telemetry', api: 1, options, setup: ({ hooks }) => hooks.collect.tapPromise('x', (into, { random }) => into.add({ name: 'drawn', value: random('x')(), unit: 'count' })) })()
const guard = definePlugin({ name: 'allows', stage: 'guardrails', api: 1, options, setup: ({ hooks }) => hooks.guard.tapPromise('x', () => undefined) })()
const preset = reproduction()
const more = { ...preset, telemetry: [preset.telemetry, draws], guardrails: [preset.guardrails, guard] }
`
const IN_ORDER = `${MORE}export default more`

/** The same with every list that is no chain turned round, and the slots as well: nothing may depend on who is listed first. */
const TURNED = `${MORE}
const many = ['telemetry', 'knowledge', 'guardrails', 'report']
export default Object.fromEntries(Object.entries(more).reverse().map(([key, value]) => [key, many.includes(key) ? [...value].reverse() : value]))
`
const PLAIN = `
import { reproduction } from '@semantos/preset-reproduction'
export default reproduction()
`
const FILES = ['experiments/sandbox/sysctl.conf', 'experiments/results/summary.csv', 'experiments/results/trials.csv']

async function run(config: string, seed: string): Promise<Record<string, string>> {
  const folder = workspace('exact')
  writeFileSync(join(folder, 'semantos.config.mjs'), config)
  const ended = await semantos(folder, '--seed', seed, '--trials', '4', '--quiet')
  expect(ended).toEqual({ status: 0, stdout: '', stderr: '' })
  return Object.fromEntries(FILES.map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

describe('the reproduction', () => {
  test('gives the same bytes for the same seed', async () => {
    expect(await run(PLAIN, '7')).toEqual(await run(PLAIN, '7'))
  })

  test('gives the same bytes in whatever order plugins are listed', async () => {
    expect(await run(TURNED, '7')).toEqual(await run(IN_ORDER, '7'))
  })

  test('one more draw in telemetry changes no trial', async () => {
    const [more, plain] = [await run(IN_ORDER, '7'), await run(PLAIN, '7')]
    expect(more['experiments/results/trials.csv']).toBe(plain['experiments/results/trials.csv'])
  })

  test('gives other bytes for another seed', async () => {
    const [seven, eight] = [await run(PLAIN, '7'), await run(PLAIN, '8')]
    expect(seven['experiments/results/trials.csv']).not.toBe(eight['experiments/results/trials.csv'])
    expect(seven['experiments/results/summary.csv']).not.toBe(eight['experiments/results/summary.csv'])
  })

  test('writes the six columns of the kit first', async () => {
    const summary = (await run(PLAIN, '7'))['experiments/results/summary.csv'] ?? ''
    expect(summary.split('\n')[0]).toMatch(/^baseline_p95_ms,improvement_pct,post_p95_ms,regression,trials,tuned_p95_ms,/)
  })
})
