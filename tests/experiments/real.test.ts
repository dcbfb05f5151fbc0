import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TuneReport } from '@semantos/core'
import { loadWorkload } from '@semantos/engine'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { top } from '../cli/semantos.js'

const real = join(top, 'experiments', 'real')
const names = readdirSync(real).filter((name) => existsSync(join(real, name, 'experiment.json')))
const Values = z.record(z.string(), z.union([z.number(), z.string(), z.array(z.number())]))
const Experiment = z.strictObject({ start: Values, best: Values, goal: z.enum(['p50', 'p95', 'p99']).optional(), config: z.string().optional(), workload: z.string().optional() })
const Result = z.looseObject({
  name: z.string(), best: Values, kept: Values, trials: z.int(), cost: TuneReport.shape.cost, share_of_best_pct: z.number().optional(), well_set: z.looseObject({ kept: Values, trials: z.int() }).optional(), left_changed: z.array(z.string()),
})

describe('the experiments on a real kernel', () => {
  test('are six and two controls', () => {
    expect(names.toSorted()).toEqual(['accept-queue', 'control', 'control-disk', 'neighbours', 'read-ahead', 'scheduler', 'udp-burst', 'writeback'])
  })

  test.each(names)('%s has a page, a workload that loads, and knobs of the catalogue', async (name) => {
    const { start, best, config, workload = join(name, 'workload.yaml') } = Experiment.parse(JSON.parse(readFileSync(join(real, name, 'experiment.json'), 'utf8')))
    expect(existsSync(join(real, name, 'README.md'))).toBe(true)
    await loadWorkload(real, workload)
    expect(existsSync(join(real, config ?? 'semantos.config.ts'))).toBe(true)
    const { kernel } = await mount([catalogue()])
    for (const ref of Object.keys({ ...start, ...best })) expect(kernel.catalogue.get(ref), ref).toBeDefined()
    await kernel.dispose()
  })

  test('reach 80% of what the best known settings save within 25 trials, keep nothing where the machine is set well, and leave nothing changed', () => {
    expect(results().filter(({ trials }) => trials > 25)).toEqual([])
    expect(results().flatMap(({ left_changed: left }) => left)).toEqual([])
    const [tuned, controls] = [results().filter(({ best }) => Object.keys(best).length > 0), results().filter(({ best }) => Object.keys(best).length === 0)]
    for (const { name, share_of_best_pct: share } of tuned) expect(share, name).toBeGreaterThanOrEqual(80)
    expect([...controls.map(({ kept }) => kept), ...tuned.map(({ well_set: wellSet }) => wellSet?.kept)]).toEqual(names.map(() => ({})))
  })

  test('were measured as README says', () => {
    const shares = results().flatMap(({ share_of_best_pct: share }) => share ?? [])
    expect(shares).toHaveLength(6)
    const readme = readFileSync(join(top, 'README.md'), 'utf8').replaceAll('\n', ' ')
    expect(readme).toContain(`six real services on a badly set machine, each within ${Math.max(...results().map(({ trials }) => trials))} trials, and reached at least ${Math.floor(Math.min(...shares))}% of the best`)
  })
})

function results() {
  return names.map((name) => Result.parse(JSON.parse(readFileSync(join(real, name, 'result.json'), 'utf8'))))
}
