import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadWorkload } from '@semantos/core/embed'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { top } from '../cli/semantos.js'

const real = join(top, 'experiments', 'real')
const names = readdirSync(real).filter((name) => existsSync(join(real, name, 'experiment.json')))
const Values = z.record(z.string(), z.union([z.number(), z.string(), z.array(z.number())]))
const Experiment = z.strictObject({ start: Values, best: Values, goal: z.enum(['p50', 'p95', 'p99']).optional(), config: z.string().optional() })
const Result = z.looseObject({ name: z.string(), kept: Values, trials: z.int(), share_of_best_pct: z.number().optional() })

describe('the experiments on a real kernel', () => {
  test('are six and a control', () => {
    expect(names.toSorted()).toEqual(['accept-queue', 'control', 'neighbours', 'read-ahead', 'scheduler', 'udp-burst', 'writeback'])
  })

  test.each(names)('%s has a page, a workload that loads, and knobs of the catalogue', async (name) => {
    const { start, best, config } = Experiment.parse(JSON.parse(readFileSync(join(real, name, 'experiment.json'), 'utf8')))
    expect(existsSync(join(real, name, 'README.md'))).toBe(true)
    if (Object.keys(best).length > 0) await loadWorkload(real, join(name, 'workload.yaml'))
    else expect(existsSync(join(real, config ?? ''))).toBe(true)
    const { kernel } = await mount([catalogue()])
    for (const ref of Object.keys({ ...start, ...best })) expect(kernel.catalogue.get(ref), ref).toBeDefined()
    await kernel.dispose()
  })

  test('were measured as README says', () => {
    const results = names.map((name) => Result.parse(JSON.parse(readFileSync(join(real, name, 'result.json'), 'utf8'))))
    const shares = results.flatMap(({ share_of_best_pct: share }) => share ?? [])
    expect(shares).toHaveLength(6)
    const readme = readFileSync(join(top, 'README.md'), 'utf8').replaceAll('\n', ' ')
    expect(readme).toContain(`six real services on a badly set machine, each within ${Math.max(...results.map(({ trials }) => trials))} trials, and reached at least ${Math.round(Math.min(...shares))}% of the best`)
    expect(results.find(({ name }) => name === 'control')?.kept).toEqual({})
  })
})
