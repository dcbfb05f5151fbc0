import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { semantos, workspace } from './semantos.js'

/** The preset with its lists turned round: nothing may depend on who is listed first. */
const TURNED = `
import { reproduction } from '@semantos/preset-reproduction'
const preset = reproduction()
const turned = (list) => [...list].reverse()
export default { ...preset, knowledge: turned(preset.knowledge), report: turned(preset.report) }
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
    expect(await run(TURNED, '7')).toEqual(await run(PLAIN, '7'))
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
