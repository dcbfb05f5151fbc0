import assert from 'node:assert/strict'
import type { Trial } from '@semantos/core'
import type { Check } from '../check.js'
import { trial } from '../world/seen.js'
import { type Case, answersPlainly, hostile } from './case.js'

const both = (p95sMs: readonly number[]): Trial[] => (['baseline', 'tuned'] as const).flatMap((arm) => p95sMs.map((p95_ms, index) => trial(arm, index, p95_ms)))

const CASES: readonly Case[] = [
  { name: 'a baseline and nothing after it', change: ({ trials }) => ({ trials: trials.filter(({ arm }) => arm === 'baseline') }) },
  { name: 'tuned trials without a baseline', change: ({ trials }) => ({ trials: trials.filter(({ arm }) => arm === 'tuned') }) },
  { name: 'one trial an arm', change: () => ({ trials: both([180]) }) },
  { name: 'latencies of zero', change: () => ({ trials: both([0, 0, 0, 0]) }) },
  { name: 'every trial the same', change: () => ({ trials: both([7, 7, 7, 7, 7, 7, 7, 7]) }) },
  { name: 'latencies as large as numbers get', change: () => ({ trials: both([1e307, 1e307, 1e307, 1e307]) }) },
  { name: 'latencies as small as numbers get', change: () => ({ trials: both([5e-324, 5e-324, 5e-324, 5e-324]) }) },
  { name: 'every request failed', change: ({ trials }) => ({ trials: trials.map((each) => ({ ...each, requests: 0, errors: 400, throughput_per_s: 0 })) }) },
  { name: 'ten thousand trials', change: () => ({ trials: both(Array.from({ length: 5000 }, (_, index) => 100 + (index % 97))) }) },
]

const honest: Check = {
  name: 'verdict: without trials there is none',
  run: ({ plugin, world }) =>
    answersPlainly(plugin, { ...world, trials: [] }, {}, ({ answers }) => {
      const verdict = answers.evaluate?.verdict ?? 'not measured'
      assert.ok(['not measured', 'inconclusive'].includes(verdict), `nothing was measured, and the verdict is '${verdict}'`)
    }),
}

export const evaluation: readonly Check[] = [...hostile(CASES), honest]
