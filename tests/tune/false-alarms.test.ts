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

describe.each([60, 25])('tunes of the synthetic host with at most %i trials', { timeout: 900_000 }, (budget) => {
  test(`where nothing helps, at most 5% of ${TUNES} tunes keep anything`, async () => {
    const counts = Counts.parse(await studied(`study(${TUNES}, ${budget}, false)`))
    console.log(`nothing helps, ${budget} trials: ${counts.kept_anything} of ${TUNES} tunes kept something`)
    expect(counts.kept_anything / TUNES).toBeLessThanOrEqual(0.05)
    expect(page).toContain(`| nothing helps | ${budget} | ${percent(counts.kept_anything)}`)
  })

  test(`an effect of 10% is found as often as the page says, in ${TUNES} tunes`, async () => {
    const counts = Counts.parse(await studied(`study(${TUNES}, ${budget}, true)`))
    console.log(`one helps by 10%, ${budget} trials: ${counts.kept_planted} of ${TUNES} tunes kept it, ${counts.kept_other} another`)
    expect(page).toContain(`| one helps by 10% | ${budget} | ${percent(counts.kept_anything)}`)
    if (budget < 60) return
    expect(counts.kept_planted / TUNES).toBeGreaterThanOrEqual(0.9)
    expect(counts.kept_other / TUNES).toBeLessThanOrEqual(0.05)
  })
})

test('the planted effect is 10%', async () => {
  expect(await studied('plantedRatio()')).toBeCloseTo(0.9, 2)
})
