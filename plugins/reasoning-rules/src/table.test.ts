import knowledgeCatalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import { openSampler } from '@semantos/telemetry-procfs'
import { describe, expect, it } from 'vitest'
import { MetricName, RecommendationDraft } from '@semantos/core'
import { UNMEASURED } from '../testing/situation.js'
import { RULES, SYMPTOMS } from './rules/index.js'

/** Metrics that other plugins measure: the workload, the synthetic host, bpftrace, and telemetry-sockets. */
const FROM_ELSEWHERE = ['p95_ms', 'p99_ms', 'max_ms', 'error_pct', 'throughput_per_s', 'numa.remote_pct', 'bpf.runqueue_latency_p95_us', 'tcp_sockets.peer_window_limited_pct', 'tcp_sockets.send_buffer_limited_pct']

describe('the rule table', () => {
  it('gives every rule an id of its own, and its rows knobs of their own', () => {
    expect(new Set(SYMPTOMS.map(({ id }) => id)).size).toBe(SYMPTOMS.length)
    expect(new Set(RULES.map(({ id, knob }) => `${id} ${knob}`)).size).toBe(RULES.length)
    for (const { id } of RULES) expect(id).toMatch(/^[a-z0-9.-]+(?:_[a-z0-9_]+)*(?:\.(?:above|below))?\/[a-z-]+$/)
  })

  it('says why, what to expect, how sure it is and what to look at, in sentences', () => {
    for (const { id, symptom, why, checkAfter, expected, uncertainty } of RULES) {
      expect(symptom, id).toMatch(/^[A-Z].*[^.]$/)
      expect(why, id).toMatch(/^[A-Za-z].*\.$/)
      expect(checkAfter, id).toMatch(/[^.]$/)
      expect(MetricName.safeParse(expected.metric).success, id).toBe(true)
      // 0.55 is the threshold above which the guardrails refuse.
      expect(RecommendationDraft.shape.uncertainty.safeParse(uncertainty).success && uncertainty < 0.55, id).toBe(true)
    }
  })

  it('names only knobs of the catalogue', async () => {
    await using kit = await mount(knowledgeCatalogue())
    expect(RULES.map(({ knob }) => knob).filter((knob) => !kit.catalogue.names.includes(knob))).toEqual([])
  })

  it('names only metrics that somebody measures', async () => {
    await using kit = await mount(knowledgeCatalogue())
    const sampler = openSampler(kit.kernel.host)
    const before = sampler.sample()
    const { metrics, missing } = sampler.rates(before, sampler.sample())
    const measured = new Set([...metrics, ...missing].map(({ name }) => name.replace(/\[.*$/, '')).concat(FROM_ELSEWHERE))
    const named = SYMPTOMS.flatMap(({ when, each, remedies }) => [...when.missing(UNMEASURED), ...(each === undefined ? [] : [each]), ...remedies.map(({ expected }) => expected.metric)])
    expect([...new Set(named.map((name) => name.replace(/\[.*$/, '')))].filter((name) => !measured.has(name))).toEqual([])
  })

  it('shows nothing where nothing was measured', () => {
    for (const { id, when } of SYMPTOMS) expect(when.cues(UNMEASURED), id).toBeNull()
  })
})
