import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { top } from '../cli/semantos.js'

const TUNES = 200
const Counts = z.object({ kept_anything: z.number(), kept_planted: z.number(), kept_other: z.number(), trials: z.number() })

/** Evaluates an expression over the study that wrote docs/false-alarms.md. */
async function studied(expression: string): Promise<unknown> {
  const script = `import { study, plantedRatio } from './study.mjs'\nconsole.log(JSON.stringify(await ${expression}))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: join(top, 'experiments', 'false-alarms') })
  return JSON.parse(stdout)
}
const page = readFileSync(join(top, 'docs', 'false-alarms.md'), 'utf8')
const percent = (count: number) => `${((100 * count) / TUNES).toFixed(1)}% [`

describe('tunes of the synthetic host with the default settings', { timeout: 900_000 }, () => {
  test(`where nothing helps, at most 5% of ${TUNES} tunes keep anything`, async () => {
    const counts = Counts.parse(await studied(`study(${TUNES}, false)`))
    console.log(`nothing helps: ${counts.kept_anything} of ${TUNES} tunes kept something`)
    expect(counts.kept_anything / TUNES).toBeLessThanOrEqual(0.05)
    expect(page).toContain(`| nothing helps | ${percent(counts.kept_anything)}`)
  })

  test(`an effect of 10% is found in at least 90% of ${TUNES} tunes, and beside it at most 5% keep another knob`, async () => {
    const counts = Counts.parse(await studied(`study(${TUNES}, true)`))
    console.log(`one helps by 10%: ${counts.kept_planted} of ${TUNES} tunes kept it, ${counts.kept_other} another`)
    expect(counts.kept_planted / TUNES).toBeGreaterThanOrEqual(0.9)
    expect(counts.kept_other / TUNES).toBeLessThanOrEqual(0.05)
    expect(page).toContain(`| one helps by 10% | ${percent(counts.kept_anything)}`)
  })

  test('the planted effect is 10%', async () => {
    expect(await studied('plantedRatio()')).toBeCloseTo(0.9, 2)
  })
})
