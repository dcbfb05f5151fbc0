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
})
