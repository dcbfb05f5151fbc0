import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Evaluation, TrialResult } from './evaluation.js'
import { Metric, MetricName, metricValue } from './telemetry.js'
import { RunReport } from './run.js'

test('the schema of a run can be published as JSON schema', () => {
  const schema = z.toJSONSchema(RunReport, { io: 'input' })
  expect(schema).toMatchObject({ type: 'object', additionalProperties: false })
  expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(RunReport.shape))
})

describe('a metric', () => {
  test.each(['load', 'psi.cpu.some_pct', 'disk.read_bytes_per_s[vda]', 'fs.free[/var/lib]'])('%s', (name) => {
    expect(MetricName.parse(name)).toBe(name)
  })

  test.each(['', 'Load', 'a b', 'a..b', 'a[', 'a[]', 'a\n', 'a.b[x]y'])('is not called %j', (name) => {
    expect(MetricName.safeParse(name).success).toBe(false)
  })

  test.each([Number.NaN, Infinity, -0, '1', null])('has no value %s', (value) => {
    expect(Metric.safeParse({ name: 'load', value, unit: 'count', source: 's' }).success).toBe(false)
  })

  test('is found in a snapshot by its name', () => {
    const snapshot = { time: '2026-01-01T00:00:00Z', host: null, metrics: [{ name: 'load', value: 3, unit: 'count', source: 's' }], missing: [] }
    expect(metricValue(snapshot, 'load')).toBe(3)
    expect(metricValue(snapshot, 'loa')).toBeUndefined()
  })
})

describe('a trial', () => {
  const trial = { latency: { p50_ms: 1, p95_ms: 2, p99_ms: 3, max_ms: 4 }, throughput_per_s: 1, requests: 1, errors: 0, counters: {} }

  test.each([
    ['negative latency', { latency: { ...trial.latency, p95_ms: -1 } }],
    ['infinite latency', { latency: { ...trial.latency, p95_ms: Infinity } }],
    ['half a request', { requests: 0.5 }],
    ['fewer than no errors', { errors: -1 }],
    ['a counter that is no number', { counters: { drops: Number.NaN } }],
    ['an unknown key', { p95: 3 }],
  ])('has no %s', (_, part) => {
    expect(TrialResult.safeParse(trial).success).toBe(true)
    expect(TrialResult.safeParse({ ...trial, ...part }).success).toBe(false)
  })
})

test.each([
  ['p value above 1', { p_value: 1.1 }],
  ['infinite improvement', { improvement_pct: Infinity }],
  ['verdict of its own', { verdict: 'great' }],
  ['verdict without words', { words: '' }],
])('an evaluation has no %s', (_, part) => {
  const evaluation = { trials: 1, baseline_p95_ms: 1, tuned_p95_ms: 1, improvement_pct: 0, interval_pct: [-1, 1], p_value: 1, verdict: 'no difference', words: 'w' }
  expect(Evaluation.safeParse(evaluation).success).toBe(true)
  expect(Evaluation.safeParse({ ...evaluation, ...part }).success).toBe(false)
})
