import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EvidenceDraft, VerdictDraft } from '@semantos/core/kernel'
import guardrailsBounds from '@semantos/guardrails-bounds'
import knowledgeCatalogue from '@semantos/knowledge-catalogue'
import knowledgeGraph from '@semantos/knowledge-graph'
import knowledgeJson from '@semantos/knowledge-json'
import { mount } from '@semantos/plugin-kit'
import reasoningRules from '@semantos/reasoning-rules'
import workloadSynthetic, { KNOB_DEFAULTS } from '@semantos/workload-synthetic'

export const DEFAULTS = new Map(Object.entries(KNOB_DEFAULTS))

/** One host with the plugins of one arm. Trials go straight to the workload: nothing is applied anywhere. */
export async function openBench(host, seed, arm, knowledge) {
  const plugins = [
    knowledgeCatalogue(),
    ...(arm.graph ? [knowledgeGraph({ documents: 0 })] : []),
    ...(arm.memory ? [knowledgeJson({ nearest: 5 })] : []),
    ...(arm.reasoning ? [reasoningRules({ sets: ['kit'] })] : []),
    ...(arm.guardrails ? [guardrailsBounds()] : []),
    workloadSynthetic(host),
  ]
  const base = mkdtempSync(join(tmpdir(), 'semantos-ablation-'))
  const kit = await mount(plugins, { seed, paths: { base, knowledge } })
  const current = new Map([...DEFAULTS].map(([knob, value]) => [knob, { status: 'present', knob, text: String(value), value, writable: true, live: false }]))
  const clear = await mount([workloadSynthetic({ ...host, requests: 2000, traffic_variation_pct: 0 })], { seed: 0 })
  const measure = async (kernel, cycle, settings, index) => (await kernel.hooks.measure.run({ arm: 'probe', index, renew: [], knobs: new Map([...DEFAULTS, ...settings]) }, cycle))
  const known = new Map()
  return {
    catalogue: kit.catalogue,
    random: kit.cycle.random,
    /** One trial, with the noise of trials. */
    trial: (settings, index) => measure(kit.kernel, kit.cycle, settings, index),
    /** The p95 on the same traffic every time: what a search is judged by, and never told. */
    async trueP95(settings) {
      const key = JSON.stringify([...settings].sort())
      if (!known.has(key)) known.set(key, await measure(clear.kernel, clear.cycle, settings, 0))
      return known.get(key).latency.p95_ms
    },
    async evidence(snapshot) {
      return (await kit.kernel.hooks.retrieve.run(new EvidenceDraft(), { ...kit.cycle, snapshot })).finish()
    },
    async plan(snapshot, evidence) {
      return kit.kernel.hooks.reason.run({ recommendations: [], advice: [] }, { ...kit.cycle, snapshot, evidence, current })
    },
    async allows(settings, snapshot) {
      const recommendations = [...settings].map(([knob, value]) => ({ knob, value, rationale: 'tried', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0, rules: [], edges: [], traces: [], documents: [], proposed_by: 'experiment', changed_by: [] }))
      const proposal = { ...kit.cycle, snapshot, evidence: { edges: [], traces: [], documents: [] }, current, plan: { recommendations, advice: [] }, resulting: new Map([...DEFAULTS, ...settings]) }
      const draft = new VerdictDraft()
      await kit.kernel.hooks.guard.run(draft, proposal, (failure) => draft.failed(failure))
      return !arm.guardrails || draft.finish().allowed
    },
    async close() {
      await kit.kernel.dispose()
      await clear.kernel.dispose()
      rmSync(base, { recursive: true, force: true })
    },
  }
}
