// What each part of SemantOS is worth on the synthetic host. Writes docs/ablation.md; every number comes from the runs below.
//   npm run build && node experiments/ablation/ablation.mjs [families of ten] [families of one]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { streams } from '@semantos/core/kernel'
import { sweep } from '@semantos/engine'
import applierSandbox from '@semantos/applier-sandbox'
import guardrailsBounds from '@semantos/guardrails-bounds'
import knowledgeCatalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import workloadSynthetic, { INTERACTIONS, KNOB_DEFAULTS } from '@semantos/workload-synthetic'
import { DEFAULTS, openBench } from './bench.mjs'
import { family, snapshotOf } from './hosts.mjs'
import { pageOf } from './page.mjs'
import { oracle, search } from './search.mjs'

const FAMILIES = Number(process.argv[2] ?? 16)
const HOSTS = 10
/** Further families, of which only the first host is tuned: there is no memory yet that hides what the other parts do. */
const FIRST_ONLY = Number(process.argv[3] ?? 40)
const PROPOSALS = 1500
const FULL = { graph: true, memory: true, guardrails: true, reasoning: true }
const ARMS = { full: FULL, 'without graph': { ...FULL, graph: false }, 'without memory': { ...FULL, memory: false }, 'without guardrails': { ...FULL, guardrails: false }, 'without reasoning': { ...FULL, reasoning: false } }

const edges = await sweptEdges()
const runs = []
for (let seed = 1; seed <= FAMILIES + FIRST_ONLY; seed++) {
  const hosts = family(seed, HOSTS).slice(0, seed <= FAMILIES ? HOSTS : 1)
  const best = await Promise.all(hosts.map((host) => bestOf(host, seed)))
  for (const [name, arm] of Object.entries(ARMS)) {
    const knowledge = mkdtempSync(join(tmpdir(), 'semantos-ablation-'))
    // knowledge-json reads this file as well: without the graph there must be none.
    if (arm.graph) writeFileSync(join(knowledge, 'edges.json'), JSON.stringify(edges))
    const traces = []
    for (const [index, host] of hosts.entries()) {
      const bench = await openBench(host, 1000 * seed + index, arm, knowledge)
      const { incumbent, snapshot, ...run } = await search(bench, host, arm, best[index])
      runs.push({ arm: name, seed, host: index + 1, ...run })
      traces.push(traceOf(`${seed}-${index + 1}`, snapshot, incumbent, run.improvement))
      writeFileSync(join(knowledge, 'experiences.json'), JSON.stringify(traces))
      await bench.close()
    }
    rmSync(knowledge, { recursive: true })
  }
  process.stderr.write(`family ${seed} of ${FAMILIES + FIRST_ONLY}\n`)
}
const guarded = await harmfulProposals()
mkdirSync(new URL('../../docs/', import.meta.url), { recursive: true })
writeFileSync(new URL('../../docs/ablation.md', import.meta.url), pageOf({ runs, guarded, arms: Object.keys(ARMS), families: FAMILIES, firstOnly: FIRST_ONLY, hosts: HOSTS, edges: edges.length, random: streams(1)('bootstrap') }))

/** Edges as `semantos sweep` measures them, once, on the host of the defaults. */
async function sweptEdges() {
  const kit = await mount([knowledgeCatalogue(), applierSandbox(), guardrailsBounds(), workloadSynthetic({ requests: 5000, traffic_variation_pct: 0 })])
  const report = await sweep(kit.kernel, {
    run: 'defaults', seed: 42, slo: { p95_ms: 120 }, knobs: Object.keys(KNOB_DEFAULTS), rounds: 12, settleMs: 0, apply: false, minInteractionPct: 1, alpha: 0.05, truth: INTERACTIONS, onTrial: () => undefined,
  })
  await kit.kernel.dispose()
  return report.edges
}

async function bestOf(host, seed) {
  const bench = await openBench(host, seed, { ...FULL, graph: false, memory: false, reasoning: false }, mkdtempSync(join(tmpdir(), 'semantos-ablation-')))
  const best = await oracle(bench)
  await bench.close()
  return best
}

function traceOf(id, { metrics, time }, incumbent, improvement) {
  return {
    id, time, host: {}, workload: 'synthetic', metrics: Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
    actions: [...incumbent].map(([knob, to]) => ({ knob, from: DEFAULTS.get(knob), to })), improvement_pct: improvement, verdict: improvement > 0 ? 'better' : 'no difference',
  }
}

/** Proposals as a confused reasoner makes them: one to three knobs, anywhere in what the kernel accepts. */
async function harmfulProposals() {
  const [host] = family(1, 1)
  const bench = await openBench(host, 1, FULL, mkdtempSync(join(tmpdir(), 'semantos-ablation-')))
  const draw = streams(7)('proposals')
  const knobs = [...DEFAULTS.keys()]
  const snapshot = snapshotOf(host, await bench.trial(new Map(), 0))
  const baseline = await bench.trueP95(new Map())
  const counts = { harmful: 0, harmfulStopped: 0, harmless: 0, harmlessStopped: 0 }
  for (let index = 0; index < PROPOSALS; index++) {
    const settings = new Map(Array.from({ length: 1 + Math.floor(draw() * 3) }, () => {
      const knob = knobs[Math.floor(draw() * knobs.length)]
      const { min, max } = bench.catalogue.get(knob).type.range
      return [knob, Math.round(Math.exp(Math.log(Math.max(min, 1)) + draw() * (Math.log(max) - Math.log(Math.max(min, 1)))))]
    }))
    const harms = (await bench.trueP95(settings)) > 1.05 * baseline
    const stopped = !(await bench.allows(settings, snapshot))
    counts[harms ? 'harmful' : 'harmless']++
    if (stopped) counts[harms ? 'harmfulStopped' : 'harmlessStopped']++
  }
  await bench.close()
  return counts
}
