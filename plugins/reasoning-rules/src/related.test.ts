import type { Edge, Plan, Trace } from '@semantos/core'
import { describe, expect, it } from 'vitest'
import { reasoner } from '../testing/situation.js'

/** Three symptoms, each with one knob: the accept queue (uncertainty 0.1), open files (0.15), the backlog (0.2). */
const METRICS = { 'tcpext.listen_overflows_per_s': 5, 'files.open': 95_000, 'files.limit': 100_000, 'softnet.dropped_per_s': 5 }
const [QUEUE, FILES, BACKLOG] = ['net.core.somaxconn', 'fs.file-max', 'net.core.netdev_max_backlog'] as const
const CURRENT = { [FILES]: 100_000, [QUEUE]: 512 }

function edge(from: string, kind: Edge['kind'], to: string, weight = 1): Edge {
  return { from, to, kind, weight, evidence_count: 3, source: 'a sweep', updated: null }
}

function past(id: string, verdict: string, actions: Trace['actions']): Trace {
  return { id, time: '2026-01-01T00:00:00Z', host: {}, workload: 'web', metrics: {}, actions, improvement_pct: verdict === 'better' ? 5 : -5, verdict }
}

async function planFor(edges: readonly Edge[], traces: readonly Trace[] = [], earlier: Plan = { recommendations: [], advice: [] }, options = {}): Promise<Plan> {
  await using rules = await reasoner({ sets: ['evidence'], ...options })
  return await rules.reason({ metrics: METRICS, current: CURRENT, evidence: { edges, traces }, earlier })
}
const knobs = ({ recommendations }: Plan) => recommendations.map(({ knob }) => knob)
const of = ({ recommendations }: Plan, knob: string) => recommendations.find((one) => one.knob === knob)

describe('the graph', () => {
  it('changes nothing where there is none', async () => {
    const plan = await planFor([])
    expect(knobs(plan)).toEqual([QUEUE, FILES, BACKLOG])
    expect(plan.recommendations.map(({ edges, traces }) => [edges, traces])).toEqual([[[], []], [[], []], [[], []]])
  })

  it('puts what is in synergy side by side, and both cite it', async () => {
    const plan = await planFor([edge(BACKLOG, 'synergizes_with', QUEUE)])
    expect(knobs(plan)).toEqual([QUEUE, BACKLOG, FILES])
    for (const knob of [QUEUE, BACKLOG]) expect(of(plan, knob)?.edges).toEqual([`${BACKLOG} synergizes_with ${QUEUE}`])
    expect(of(plan, FILES)?.edges).toEqual([])
  })

  it('puts what another depends on before it, and ends where they depend on each other', async () => {
    expect(knobs(await planFor([edge(QUEUE, 'depends_on', BACKLOG), edge(BACKLOG, 'depends_on', FILES)]))).toEqual([FILES, BACKLOG, QUEUE])
    expect(knobs(await planFor([edge(QUEUE, 'depends_on', BACKLOG), edge(BACKLOG, 'depends_on', QUEUE)]))).toEqual([BACKLOG, QUEUE, FILES])
  })

  it('keeps the surer of two in conflict, and says what was left out and why', async () => {
    const plan = await planFor([edge(BACKLOG, 'conflicts_with', QUEUE)])
    expect(knobs(plan)).toEqual([QUEUE, FILES])
    const refused = plan.advice.find(({ symptom }) => symptom === `${BACKLOG} and ${QUEUE} conflict`)
    expect(refused?.text).toMatch(/^Packets are dropped because a CPU's backlog is full\. .* It is left out, because it does not go together with net\.core\.somaxconn, which stays \(a sweep\)\.$/)
    expect(refused?.cues.map(({ metric }) => metric)).toEqual(['softnet.dropped_per_s'])
  })

  it('does not add to a plan what conflicts with it', async () => {
    const standing = { knob: BACKLOG, value: 2000, rationale: 'mine', cues: [], expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.5, rules: [], edges: [], traces: [], documents: [], proposed_by: 'another', changed_by: [] }
    const plan = await planFor([edge(QUEUE, 'conflicts_with', BACKLOG)], [], { recommendations: [standing], advice: [] })
    expect(knobs(plan)).toEqual([BACKLOG, FILES])
  })

  it('is not heard where it is weak', async () => {
    expect(knobs(await planFor([edge(BACKLOG, 'conflicts_with', QUEUE, 0.4)]))).toEqual([QUEUE, FILES, BACKLOG])
    expect(knobs(await planFor([edge(BACKLOG, 'conflicts_with', QUEUE, 0.4)], [], undefined, { min_edge_weight: 0.3 }))).toEqual([QUEUE, FILES])
  })
})

describe('past runs', () => {
  const same = [{ knob: BACKLOG, from: 500, to: 4000 }]

  it('make a recommendation surer where the same helped, and it cites them', async () => {
    const plan = await planFor([], [past('r1', 'better', same), past('other', 'better', [{ knob: 'vm.swappiness', from: 60, to: 10 }])])
    expect(of(plan, BACKLOG)?.traces).toEqual(['r1'])
    expect(of(plan, BACKLOG)?.uncertainty).toBe(0.14)
    expect(of(plan, QUEUE)).toMatchObject({ traces: [], uncertainty: 0.1 })
  })

  it('make it less sure where the same did harm, shared among all that was changed', async () => {
    expect(of(await planFor([], [past('r1', 'rolled back', same)]), BACKLOG)?.uncertainty).toBe(0.44)
    const shared = [...same, { knob: 'vm.swappiness', from: 60, to: 10 }]
    expect(of(await planFor([], [past('r1', 'rolled back', shared)]), BACKLOG)?.uncertainty).toBe(0.331)
  })

  it('leave out what has done harm again and again, and say which they were', async () => {
    const plan = await planFor([], [past('r1', 'rolled back', same), past('r2', 'worse', same)])
    expect(knobs(plan)).toEqual([QUEUE, FILES])
    expect(plan.advice.find(({ symptom }) => symptom.startsWith(BACKLOG))?.text).toMatch(/because of past runs near to this situation: r1 \(rolled back, -5\.0%\), r2 \(worse, -5\.0%\)\.$/)
  })

  it('say nothing where they moved the knob the other way, or found no difference', async () => {
    const other = [past('down', 'worse', [{ knob: BACKLOG, from: 1000, to: 100 }]), past('none', 'no difference', same), past('from nowhere', 'better', [{ knob: BACKLOG, from: null, to: 3 }])]
    expect(of(await planFor([], other), BACKLOG)).toMatchObject({ traces: [], uncertainty: 0.2 })
  })
})
