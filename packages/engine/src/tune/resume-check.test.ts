import { describe, expect, it } from 'vitest'
import type { Beginning } from './fingerprint.js'
import { differences } from './resume-check.js'

const BEGAN: Beginning = {
  kind: 'semantos-trials', schema_version: 1, workload: '@acme/command 1a2b3c4d of version 1.0.0', software: ['@semantos/core of version 1.0.0', 'rules of version 1.0.0', 'bounds of version 1.0.0'], config: '/srv/semantos.config.ts',
  seed: 1, goal: 'p95', slo_p95_ms: 120, knobs: 'vm.*', asked: false, min_effect_pct: 3, alpha: 0.05, settle_ms: 500, guard_tolerance_pct: 10, budget: { trials: 60, ms: null },
  kernel: '6.18.0', boot_id: 'first', baseline: { 'vm.swappiness': 60, 'vm.dirty_ratio': 20, 'net.ipv4.tcp_rmem': [4096, 131_072, 6_291_456] },
}

const CHANGES: readonly (readonly [Partial<Beginning>, string])[] = [
  [{ workload: '@acme/command 99999999 of version 1.0.0' }, 'the workload was @acme/command 1a2b3c4d of version 1.0.0 and is @acme/command 99999999 of version 1.0.0'],
  [{ software: ['@semantos/core of version 1.0.0', 'rules of version 1.1.0', 'bounds of version 1.0.0'] }, 'the software had rules of version 1.0.0 and has rules of version 1.1.0'],
  [{ software: ['@semantos/core of version 1.0.0', 'bounds of version 1.0.0', 'rules of version 1.0.0'] }, 'the plugins stand in another order'],
  [{ config: null }, 'the config was /srv/semantos.config.ts and is null'],
  [{ seed: 2 }, 'the seed was 1 and is 2'],
  [{ goal: 'p99' }, 'the goal was p95 and is p99'],
  [{ slo_p95_ms: 100 }, 'the p95 to keep, in ms, was 120 and is 100'],
  [{ knobs: '*' }, 'what may be tried was vm.* and is *'],
  [{ asked: true }, 'knobs were not named for it and are named now'],
  [{ min_effect_pct: 5 }, 'the smallest effect, in percent, was 3 and is 5'],
  [{ alpha: 0.01 }, 'the false-alarm level was 0.05 and is 0.01'],
  [{ settle_ms: 10 }, 'the settling time, in ms, was 500 and is 10'],
  [{ guard_tolerance_pct: 5 }, 'the tolerance of guard metrics, in percent, was 10 and is 5'],
  [{ budget: { trials: 40, ms: null } }, 'the budget was 60 trials and is 40 trials, and may only grow'],
  [{ budget: { trials: null, ms: 900_000 } }, 'the budget was 60 trials and is 900 s, and may only grow'],
  [{ kernel: '6.19.0' }, 'the kernel was 6.18.0 and is 6.19.0'],
  [{ boot_id: 'second' }, 'the boot was first and is second'],
  [{ baseline: { ...BEGAN.baseline, 'vm.swappiness': 10 } }, 'vm.swappiness was 60 and is 10'],
  [{ baseline: { ...BEGAN.baseline, 'net.ipv4.tcp_rmem': [4096, 131_072, 8_388_608] } }, 'net.ipv4.tcp_rmem was 4096 131072 6291456 and is 4096 131072 8388608'],
]

it.each(CHANGES)('%j is refused, and named', (change, words) => {
  expect(differences(BEGAN, { ...BEGAN, ...change })).toEqual([words])
})

it('every field that a beginning has is looked at', () => {
  expect(new Set(CHANGES.flatMap(([change]) => Object.keys(change)))).toEqual(new Set(Object.keys(BEGAN).filter((field) => field !== 'kind' && field !== 'schema_version')))
})

describe('no difference is', () => {
  it.each<[string, Partial<Beginning>]>([
    ['the same again', {}],
    ['a larger budget', { budget: { trials: 80, ms: null } }],
    ['a budget without limit', { budget: { trials: null, ms: null } }],
    ['a device that has gone, or come', { baseline: { 'vm.swappiness': 60, 'block.read_ahead_kb[sdb]': 128 } }],
  ])('%s', (_, change) => {
    expect(differences(BEGAN, { ...BEGAN, ...change })).toEqual([])
  })
})

it('many values are counted', () => {
  const values = (value: number) => Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`vm.knob${index}`, value]))
  expect(differences({ ...BEGAN, baseline: values(1) }, { ...BEGAN, baseline: values(2) })).toEqual([...[0, 1, 2, 3].map((index) => `vm.knob${index} was 1 and is 2`), '3 more values are others'])
})
