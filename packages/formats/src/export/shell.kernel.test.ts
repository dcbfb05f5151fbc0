import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { mayTouchKernel } from '../../../../tests/faults/kernel.js'
import { Catalogue, Knob } from '@semantos/core'
import { readExport } from './items.js'
import { exportShell } from './shell.js'

const catalogue = Catalogue.of(Knob.array().parse(JSON.parse(readFileSync(new URL('../fixtures/knobs.json', import.meta.url), 'utf8'))))
const folder = mkdtempSync(join(tmpdir(), 'semantos-shell-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PAIRS = ['dirty_ratio', 'dirty_bytes', 'dirty_background_ratio', 'dirty_background_bytes']
const standing = () => PAIRS.map((name) => `${name}=${readFileSync(`/proc/sys/vm/${name}`, 'utf8').trim()}`)

it.skipIf(!mayTouchKernel)('takes back dirty limits whose other half a write had reset (needs root)', () => {
  const change = { rationale: 'because', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0, proposed_by: 'test', changed_by: [], risk: 'low', takes_effect: 'at once', survives_reboot: 'with --persist' }
  const [before, inBytes] = [standing(), standing().includes('dirty_ratio=0')]
  // The other half of each pair than the one that holds here.
  const changes = inBytes
    ? [{ ...change, knob: 'vm.dirty_ratio', from: 0, to: 21 }, { ...change, knob: 'vm.dirty_background_ratio', from: 0, to: 11 }]
    : [{ ...change, knob: 'vm.dirty_bytes', from: 0, to: 536_870_912 }, { ...change, knob: 'vm.dirty_background_bytes', from: 0, to: 268_435_456 }]
  const plan = { kind: 'semantos-plan', schema_version: 2, created: '2026-01-01T00:00:00Z', expires: '2026-01-08T00:00:00Z', host: { name: 'h', kernel: 'k', boot_id: 'b' }, config: '/semantos.config.ts', netns: null, changes, digest: '0'.repeat(64) }
  const script = join(folder, 'settings.sh')
  writeFileSync(script, exportShell(readExport(JSON.stringify(plan), 'plan.json', catalogue)).text)
  const run = (...args: readonly string[]) => spawnSync('sh', [script, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], SEMANTOS_STATE: join(folder, 'old') } })
  try {
    expect(run('apply').status).toBe(0)
    expect(standing()).toEqual(inBytes ? ['dirty_ratio=21', 'dirty_bytes=0', 'dirty_background_ratio=11', 'dirty_background_bytes=0'] : ['dirty_ratio=0', 'dirty_bytes=536870912', 'dirty_background_ratio=0', 'dirty_background_bytes=268435456'])
  } finally {
    const undone = run('undo')
    expect(undone).toMatchObject({ status: 0, stderr: 'restored\n' })
  }
  expect(standing()).toEqual(before)
})
