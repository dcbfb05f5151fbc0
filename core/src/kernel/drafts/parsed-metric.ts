import { MetricDraft } from '../../model/telemetry.js'
import type { Call } from '../call.js'
import { parse } from './draft.js'

/** Units of names that have been parsed. Around each trial the same hundreds come again, and asking the schema for all of them takes milliseconds. */
const parsed = new Map<string, string>()
/** A plugin may make up new names without end. */
const MOST_NAMES = 10_000

/** A metric that a plugin handed over, as the schema has it; what it takes is the same whether the name came before or not. */
export function parseMetric(input: unknown, call: Call): MetricDraft {
  return again(input) ?? forTheFirstTime(input, call)
}

function again(input: unknown): MetricDraft | null {
  if (typeof input !== 'object' || input === null || !('name' in input && 'value' in input && 'unit' in input)) return null
  const { name, value, unit, ...others } = input
  if (typeof name !== 'string' || typeof unit !== 'string' || typeof value !== 'number' || Object.keys(others).length > 0) return null
  return parsed.get(name) === unit && Number.isFinite(value) && !Object.is(value, -0) ? { name, value, unit } : null
}

function forTheFirstTime(input: unknown, call: Call): MetricDraft {
  const metric = parse(MetricDraft, input, call)
  if (parsed.size < MOST_NAMES) parsed.set(metric.name, metric.unit)
  return metric
}
