import { type TrialDraft, z } from '@semantos/core'
import { Latencies } from '../reading/latencies.js'
import { Lines } from '../reading/lines.js'
import { noneSucceeded } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

export const JsonlOptions = z.strictObject({ name: z.literal('jsonl') })

const NS_PER_MS = 1e6
/** A number, or the plain form of an object: what most lines are is read without a JSON parser, three times as fast. */
const PLAIN = /^(?:\{"latency_ms": ?)?(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?:(?:, ?"ok": ?(true|false))?\})?$/

/** One request. Without a latency it only counts as an error; a failed one with a latency counts as both. */
const Request = z.strictObject({ latency_ms: z.number().min(0).nullable(), ok: z.boolean().default(true) }).refine(({ latency_ms, ok }) => latency_ms !== null || !ok)
/** What else the run can say, on a line of its own. */
const Remark = z.strictObject({ duration_s: z.number().positive().optional(), counters: z.record(z.string().min(1), z.number()).optional() })
const Line = z.union([Request, Remark])

/** JSON lines: a latency in ms each, or an object. The histogram takes a million of them in less than a second. */
export function parseJsonl({ text, seconds }: Output): TrialDraft {
  const lines = new Lines('jsonl', text)
  const latencies = new Latencies()
  const counters: Record<string, number> = {}
  let [errors, failedWithLatency, duration] = [0, 0, seconds]
  for (const line of lines.all()) {
    const entry = read(line)
    if (entry === null) throw lines.misfit('a latency in ms, or {"latency_ms":…,"ok":…}')
    if ('latency_ms' in entry) {
      const { latency_ms, ok } = entry
      if (!ok) errors++
      if (latency_ms === null) continue
      if (!Latencies.holds(latency_ms * NS_PER_MS)) throw lines.misfit('a latency in ms')
      latencies.record(latency_ms * NS_PER_MS)
      if (!ok) failedWithLatency++
    } else {
      duration = entry.duration_s ?? duration
      Object.assign(counters, entry.counters)
    }
  }
  const requests = latencies.count - failedWithLatency
  // Where every request failed late, that is a measurement; where there is no latency at all, it is none.
  if (latencies.count === 0) throw text.trim() === '' ? lines.misfit('a latency in ms') : noneSucceeded('jsonl')
  return { latency: latencies.percentiles, throughput_per_s: requests / duration, requests, errors, counters }
}

function read(line: string): z.output<typeof Line> | null {
  const plain = PLAIN.exec(line)
  if (plain && line.startsWith('{') === line.endsWith('}')) return { latency_ms: Number(plain[1]), ok: plain[2] !== 'false' }
  try {
    return Line.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
