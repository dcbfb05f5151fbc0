import { expect } from 'vitest'
import { runCycle, type RunSettings } from '@semantos/engine'
import { RunReport } from '@semantos/core'
import { failureOf } from './kernel-of.js'
import { type Parts, SETTINGS, worldOf } from './small-world.js'

/** One run; the report is held against its published schema. */
export async function run(parts: Parts = {}, settings: Partial<RunSettings> = {}) {
  await using world = await worldOf(parts)
  const report = await runCycle(world.kernel, { ...SETTINGS, ...settings })
  expect(RunReport.parse(report)).toEqual(report)
  return { report, log: world.log, values: Object.fromEntries(world.values) }
}

/** One run that is to fail. */
export async function fail(parts: Parts = {}, settings: Partial<RunSettings> = {}) {
  await using world = await worldOf(parts)
  const error = await failureOf(runCycle(world.kernel, { ...SETTINGS, ...settings }))
  return { error, log: world.log, values: Object.fromEntries(world.values) }
}

export const UNTOUCHED = { 'vm.a': 0, 'vm.b': 0, 'vm.c': 0, 'vm.d': 0 }
export const writes = (log: readonly string[]) => log.filter((entry) => /^(apply|undo) /.test(entry))
export const told = (log: readonly string[]) => log.filter((entry) => /^(learn|report|fault) /.test(entry))
export const rollBack = { decision: 'roll back', reasons: ['slower'] } as const
