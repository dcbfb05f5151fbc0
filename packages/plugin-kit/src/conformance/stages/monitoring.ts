import assert from 'node:assert/strict'
import type { Look } from '@semantos/core'
import type { Check } from '../check.js'
import { trial } from '../world/seen.js'
import { type Case, answersPlainly, hostile } from './case.js'
import { hostileSnapshot, hugeSnapshot } from './hostile-world.js'

const withP95s = (look: Look, p95sMs: readonly number[], errors = 0): Look => ({ ...look, trials: p95sMs.map((p95_ms, index) => ({ ...trial('tuned', index, p95_ms), errors })) })

const CASES: readonly Case[] = [
  { name: 'no trials', change: ({ before, after }) => ({ before: withP95s(before, []), after: withP95s(after, []) }) },
  { name: 'no trials after the step', change: ({ after }) => ({ after: withP95s(after, []) }) },
  { name: 'one trial a side', change: ({ before, after }) => ({ before: withP95s(before, [180]), after: withP95s(after, [160]) }) },
  { name: 'latencies of zero', change: ({ before, after }) => ({ before: withP95s(before, [0, 0, 0]), after: withP95s(after, [0, 0, 0]) }) },
  { name: 'latencies as large as numbers get', change: ({ after }) => ({ after: withP95s(after, [1e308, 1e308, 1e308]) }) },
  { name: 'every request failed', change: ({ after }) => ({ after: { ...after, trials: after.trials.map((each) => ({ ...each, requests: 0, errors: 400, throughput_per_s: 0 })) } }) },
  { name: 'nothing was seen', change: ({ before, after, snapshot }) => ({ before: { ...before, snapshot: { ...snapshot, host: null, metrics: [] } }, after: { ...after, snapshot: { ...snapshot, host: null, metrics: [] } } }) },
  { name: 'metrics that are gone after the step', change: ({ after, snapshot }) => ({ after: { ...after, snapshot: { ...snapshot, metrics: [] } } }) },
  { name: 'thousands of metrics', change: ({ before, after, snapshot }) => ({ before: { ...before, snapshot: hugeSnapshot(snapshot) }, after: { ...after, snapshot: hugeSnapshot(snapshot) } }) },
  { name: 'the thousandth look', change: () => ({ look: 1000 }) },
  { name: 'instructions and code in names and texts', change: ({ after, snapshot }) => ({ after: { ...after, snapshot: hostileSnapshot(snapshot) } }) },
]

const severe: Check = {
  name: 'judgement: what another plugin takes back is not promoted',
  run: ({ plugin, world }) =>
    answersPlainly(plugin, { ...world, judgement: { decision: 'roll back', reasons: ['another plugin saw harm'] } }, {}, ({ answers }) => {
      assert.equal(answers.judge?.decision ?? 'roll back', 'roll back', 'return the gravest of your decision and the one before')
    }),
}

export const monitoring: readonly Check[] = [...hostile(CASES), severe]
