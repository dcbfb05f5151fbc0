import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlanFile } from '@semantos/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPlanFile, sealed, writePlanFile } from './plan-file.js'

const file = join(mkdtempSync(join(tmpdir(), 'semantos-plan-')), 'plan.json')
const PLAN: PlanFile = sealed({
  kind: 'semantos-plan',
  schema_version: 2,
  created: '2026-01-01T00:00:00.000Z',
  expires: '2026-01-08T00:00:00.000Z',
  host: { name: 'web1', kernel: '6.18.0', boot_id: 'b' },
  config: '/semantos.config.ts',
  netns: null,
  changes: [
    {
      knob: 'vm.swappiness', from: 60, to: 10, rationale: 'because', cues: [{ metric: 'p95_ms', value: 180, because: 'above 120' }],
      expected: { metric: 'p95_ms', change_pct: -5 }, uncertainty: 0.2, rules: [], edges: [], traces: [], documents: [], proposed_by: 'test', changed_by: [],
      risk: 'low', takes_effect: 'at once', survives_reboot: 'with --persist',
    },
  ],
})

test('a plan is read as it was written, also where it was laid out anew', () => {
  writePlanFile(file, PLAN)
  expect(readPlanFile(file)).toEqual(PLAN)
  writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))))
  expect(readPlanFile(file)).toEqual(PLAN)
})

/** Every leaf of the document, by its path. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]))
}

function withLeaf(value: unknown, [key, ...rest]: readonly (string | number)[], leaf: unknown): unknown {
  if (key === undefined) return leaf
  if (Array.isArray(value)) return value.map((inner: unknown, index) => (index === key ? withLeaf(inner, rest, leaf) : inner))
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === key ? withLeaf(inner, rest, leaf) : inner])) : value
}

test('whatever is changed in it, it is refused', () => {
  const paths = leaves(PLAN)
  expect(paths.length).toBeGreaterThan(20)
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.oneof(fc.integer(), fc.string(), fc.constant('vm.dirty_ratio'), fc.constant('2027-01-01T00:00:00.000Z')), (path, leaf) => {
      const edited = withLeaf(PLAN, path, leaf)
      fc.pre(JSON.stringify(edited) !== JSON.stringify(PLAN))
      writeFileSync(file, JSON.stringify(edited))
      expect(() => readPlanFile(file)).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_DATA_INVALID' }))
    }),
    { numRuns: 300 },
  )
  for (const edited of [{ ...PLAN, changes: [] }, { ...PLAN, changes: [...PLAN.changes, ...PLAN.changes] }, { ...PLAN, plan: { recommendations: [] } }]) {
    writeFileSync(file, JSON.stringify(edited))
    expect(() => readPlanFile(file)).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_DATA_INVALID' }))
  }
})
