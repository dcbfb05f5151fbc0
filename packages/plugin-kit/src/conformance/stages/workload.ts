import assert from 'node:assert/strict'
import { TakesEffect, type TrialRequest } from '@semantos/core'
import type { Check } from '../check.js'
import type { World } from '../world/world.js'
import { type Case, answersPlainly, hostile } from './case.js'

const asked = (change: Partial<TrialRequest>) => ({ requests }: World): Partial<World> => ({ requests: requests.map((request) => ({ ...request, ...change })) })
const allTo = (value: number) => ({ current }: World): Partial<World> => ({ requests: [{ arm: 'tuned', index: 0, renew: [], knobs: new Map([...current.keys()].map((knob) => [knob, value])) }] })

const CASES: readonly Case[] = [
  { name: 'no knobs', change: asked({ knobs: new Map() }) },
  { name: 'knobs at zero', change: allTo(0) },
  { name: 'knobs as large as numbers get', change: allTo(Number.MAX_SAFE_INTEGER) },
  { name: 'everything is to be made anew', change: asked({ renew: TakesEffect.options }) },
  { name: 'a probe with a high number', change: asked({ arm: 'probe', index: 1_000_000_000 }) },
]

const ordered: Check = {
  name: 'trials: p50, p95, p99 and the maximum ascend',
  run: ({ plugin, world }) =>
    answersPlainly(plugin, world, {}, ({ answers }) => {
      for (const result of answers.measure ?? []) {
        if (!result) continue
        const { p50_ms, p95_ms, p99_ms, max_ms } = result.latency
        assert.deepEqual([p50_ms, p95_ms, p99_ms, max_ms].sort((a, b) => a - b), [p50_ms, p95_ms, p99_ms, max_ms])
      }
    }),
}

export const workload: readonly Check[] = [...hostile(CASES), ordered]
