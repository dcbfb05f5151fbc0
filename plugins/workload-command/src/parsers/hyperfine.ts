import { type TrialDraft, z } from '@semantos/core'
import { readJson } from '../reading/json.js'
import { Latencies } from '../reading/latencies.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

export const HyperfineOptions = z.strictObject({
  name: z.literal('hyperfine'),
  /** Which command, as hyperfine names it; needed where there are several. */
  command: z.string().min(1).optional(),
})

const LONGEST_S = 1e6
const Result = z.object({
  command: z.string(),
  times: z.array(z.number().min(0).max(LONGEST_S)),
  /** Null for a run that a signal ended. */
  exit_codes: z.array(z.int().nullable()),
})
const Report = z.object({ results: z.array(Result) })

/** hyperfine --export-json: each timed run is one latency. */
export function parseHyperfine({ text }: Output, options: z.output<typeof HyperfineOptions>): TrialDraft {
  const { results } = readJson('hyperfine', text, Report)
  const result = options.command === undefined && results.length === 1 ? results[0] : results.find(({ command }) => command === options.command)
  if (!result) {
    const names = results.map(({ command }) => command).join(', ')
    throw unusable('hyperfine', `one of the commands must be named: ${names}`, 'Name it with the parser option command, or time one command.')
  }
  const { times, exit_codes } = result
  const latencies = new Latencies()
  for (const seconds of times) latencies.record(seconds * 1e9)
  const errors = exit_codes.filter((code) => code !== 0).length
  const total = times.reduce((sum, seconds) => sum + seconds, 0)
  if (times.length <= errors || total === 0) throw noneSucceeded('hyperfine')
  return { latency: latencies.percentiles, throughput_per_s: (times.length - errors) / total, requests: times.length - errors, errors, counters: {} }
}
