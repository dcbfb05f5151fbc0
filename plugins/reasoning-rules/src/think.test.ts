import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KnobValue, type Plan, PlanDraft, refuses } from '@semantos/core'
import { NotesDraft } from '@semantos/core/kernel'
import { GIB, UNMEASURED, reasoner, valuesFor } from '../testing/situation.js'
import { RULES, SYMPTOMS } from './rules/index.js'

const EVIDENCE = { sets: ['evidence' as const] }
const BOTH = { sets: ['kit' as const, 'evidence' as const] }
const KIT_METRICS = { p95_ms: 180, irq_rate: 20_000, load: 9 }

describe('reasoning', () => {
  it('keeps what earlier reasoners have said, and adds to it', async () => {
    await using rules = await reasoner(EVIDENCE)
    const earlier: Plan = {
      recommendations: [{ knob: 'net.core.somaxconn', value: 8192, rationale: 'mine', cues: [], expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.3, rules: [], edges: [], traces: [], documents: [], proposed_by: 'another', changed_by: [] }],
      advice: [{ symptom: 'something', text: 'look at it', cues: [] }],
    }
    const plan = await rules.reason({ earlier, metrics: { 'tcpext.listen_overflows_per_s': 5, 'softnet.dropped_per_s': 5 } })
    expect(plan.recommendations.map(({ knob, value, proposed_by }) => [knob, value, proposed_by])).toEqual([
      ['net.core.somaxconn', 8192, 'another'],
      ['net.core.netdev_max_backlog', 8000, '@semantos/reasoning-rules'],
    ])
    expect(plan.advice[0]).toEqual(earlier.advice[0])
  })

  it('prefers evidence to the kit where both speak of a knob', async () => {
    const values = await valuesFor(BOTH, { metrics: { ...KIT_METRICS, 'tcpext.listen_overflows_per_s': 5 }, current: { 'net.core.somaxconn': 512 } })
    expect(values['net.core.somaxconn']).toBe(4096)
    expect(Object.keys(values)).toHaveLength(8)
  })

  it('lets symptoms that want the same speak together, in the words of the surest', async () => {
    await using rules = await reasoner(EVIDENCE)
    const { recommendations } = await rules.reason({ metrics: { 'tcpext.listen_overflows_per_s': 5, 'tcpext.syncookies_sent_per_s': 7 }, current: { 'net.core.somaxconn': 512 } })
    const somaxconn = recommendations.find(({ knob }) => knob === 'net.core.somaxconn')
    expect(somaxconn).toMatchObject({ value: 4096, uncertainty: 0.1, rules: ['tcp.accept-queue-full/longer-queue', 'tcp.syn-queue-full/longer-queue'] })
    expect(somaxconn?.cues.map(({ metric }) => metric)).toEqual(['tcpext.listen_overflows_per_s', 'tcpext.syncookies_sent_per_s'])
    expect(somaxconn?.rationale).toMatch(/^Connections are dropped because the accept queue/)
  })

  it('recommends nothing for a knob that symptoms pull in opposite directions, and says so', async () => {
    await using rules = await reasoner(EVIDENCE)
    const metrics = { 'vmstat.workingset_refault_file_per_s': 900, 'vmstat.allocstall_per_s': 9, 'memory.swap_free_bytes': 0 }
    const { recommendations, advice } = await rules.reason({ metrics, current: { 'vm.min_free_kbytes': 120_000 }, host: { memory_bytes: 2 * GIB } })
    expect(recommendations.map(({ knob }) => knob)).toEqual(['vm.watermark_scale_factor'])
    expect(advice.find(({ symptom }) => symptom === 'Symptoms disagree on vm.min_free_kbytes')?.text).toMatch(/^File pages .*: 32768; Tasks that want memory .*: \d+\. /)
  })

  it('puts the surest first', async () => {
    await using rules = await reasoner(EVIDENCE)
    const { recommendations } = await rules.reason({ metrics: { 'vmstat.pswpin_per_s': 100, 'neighbour.table_full_per_s': 4, 'softnet.dropped_per_s': 4, 'pressure.io_some_pct': 90, 'memory.dirty_bytes': 4 * GIB } })
    const uncertainties = recommendations.map(({ uncertainty }) => uncertainty)
    expect(uncertainties).toEqual([...uncertainties].sort((a, b) => a - b))
  })

  it('gives advice where a symptom has no knob, and names the device', async () => {
    await using rules = await reasoner(EVIDENCE)
    const { recommendations, advice } = await rules.reason({ metrics: { 'vmstat.oom_kill_per_s': 0.2, 'net.rx_errors_per_s[eth0]': 3 } })
    expect(recommendations).toEqual([])
    expect(advice.slice(0, 2)).toMatchObject([
      { symptom: 'The kernel kills programs because memory has run out', cues: [{ metric: 'vmstat.oom_kill_per_s', value: 0.2, because: 'a healthy host kills none (0)' }] },
      { symptom: 'A network device receives bad packets (eth0)' },
    ])
  })

  it('gives advice where no remedy is left: knobs that are gone, barred, or at their limit', async () => {
    await using rules = await reasoner(EVIDENCE)
    const { recommendations, advice } = await rules.reason({
      metrics: { 'pressure.cpu_some_pct': 90, 'sched.run_queue_wait_ms_per_s': 5000, 'tcpext.listen_overflows_per_s': 5 },
      absent: { 'kernel.sched_latency_ns': 'sched.latency_ns' },
      barred: ['sched.base_slice_ns'],
      unread: ['kernel.sched_min_granularity_ns', 'kernel.sched_wakeup_granularity_ns', 'sched.latency_ns', 'sched.min_granularity_ns', 'sched.wakeup_granularity_ns'],
      current: { 'net.core.somaxconn': 65_535 },
    })
    expect(recommendations).toEqual([])
    expect(advice[0]?.text).toMatch(/^The service accepts more slowly/)
    expect(advice[1]?.text).toContain('A rule would lower sched.base_slice_ns, but the kernel is locked down.')
    expect(advice[1]?.text).toMatch(/A rule would (lower|raise) [a-z_.]+(, (lower|raise) [a-z_.]+)+, but that is not among the knobs of this run, or no applier answers for it\./)
    expect(advice[1]?.text.match(/not among the knobs/g)).toHaveLength(1)
    // Of a knob with a successor among the remedies, that one is enough.
    expect(advice[1]?.text).not.toContain('kernel.sched_latency_ns')
  })

  it('shows a metric as it was measured, and what was made of it beside the threshold', async () => {
    await using rules = await reasoner(EVIDENCE)
    const { recommendations } = await rules.reason({ metrics: { 'vmstat.pgfault_per_s': 50_000, 'sched.forks_per_s': 2, 'vmstat.thp_fault_alloc_per_s': 0 }, current: { 'thp.enabled': 'never', 'thp.defrag': 'never' } })
    expect(recommendations.find(({ knob }) => knob === 'thp.enabled')?.cues).toContainEqual({ metric: 'vmstat.pgfault_per_s', value: 50_000, because: 'faults for each program started (25000, above 5000)' })
  })

  it('says which rules could not be asked, but not where the telemetry has said why', async () => {
    await using rules = await reasoner(EVIDENCE)
    const all = [...new Set(SYMPTOMS.flatMap(({ when }) => when.missing(UNMEASURED)))]
    expect((await rules.reason({ missing: all })).advice).toEqual([])
    expect((await rules.reason({ missing: all.filter((name) => !name.startsWith('conntrack.')) })).advice).toMatchObject([
      { symptom: 'Some rules could not be asked', text: 'No telemetry plugin reports what they look at: conntrack.count, conntrack.drop_per_s, conntrack.early_drop_per_s, conntrack.insert_failed_per_s, conntrack.used_pct.' },
    ])
  })

  it('is asked about one knob by semantos explain', async () => {
    await using rules = await reasoner(BOTH)
    const knob = rules.kit.catalogue.get('net.netfilter.nf_conntrack_max')
    if (!knob) throw new Error('not in the catalogue')
    const notes = (await rules.kit.kernel.hooks.explain.run(new NotesDraft(knob), rules.kit.cycle)).finish()
    expect(notes.filter(({ source }) => source === '@semantos/reasoning-rules').map(({ topic, text }) => [topic, text])).toEqual([['rule', expect.stringMatching(/^conntrack\.full\/larger: The connection tracking table is full or nearly so: raise it\./)]])
  })

  it('never throws, repeats itself, and proposes only safe values in the direction of its rules, whatever it is shown', async () => {
    await using rules = await reasoner(EVIDENCE)
    const names = [...new Set(SYMPTOMS.flatMap(({ when, each }) => [...when.missing(UNMEASURED), ...(each === undefined ? [] : [`${each}[vda]`])]).map((name) => name.replace('[null]', '[vda]')))]
    const metrics = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.integer({ min: 0, max: 1000 })).map((value) => value + 0), { maxKeys: 60 })
    const knobs = [...new Set(RULES.map(({ knob }) => knob))].flatMap((name) => rules.kit.catalogue.get(name) ?? [])
    const some = fc.uniqueArray(fc.constantFrom(...knobs), { selector: ({ name }) => name })
    await fc.assert(
      fc.asyncProperty(metrics, some, fc.integer({ min: 0, max: 1 << 30 }), fc.boolean(), async (measured, moved, amount, lonely) => {
        const current: Record<string, KnobValue> = {}
        for (const { name, type, where } of moved) {
          const ref = where.per === 'host' ? name : `${name}[vda]`
          if (type.kind === 'integer') current[ref] = amount % 7 === 0 ? type.safe.min : amount
          if (type.kind === 'boolean') current[ref] = amount % 2
          if (type.kind === 'enum') current[ref] = type.values[amount % type.values.length]?.value ?? 'x'
          if (type.kind === 'vector') current[ref] = type.fields.map((_, index) => amount + index)
        }
        const scenario = { metrics: measured, current, ...(lonely ? { host: { memory_bytes: GIB, numa_nodes: 2 } } : {}) }
        const plan = await rules.reason(scenario)
        PlanDraft.parse(plan)
        expect(await rules.reason(scenario)).toEqual(plan)
        const readings = rules.situation(scenario).current
        for (const { knob: ref, value, rules: ids } of plan.recommendations) {
          const knob = rules.kit.catalogue.get(ref)
          const reading = readings.get(ref)
          if (!knob || reading?.status !== 'present') throw new Error(`${ref} cannot be changed`)
          expect(refuses(knob, value, 'safe')).toBeNull()
          const row = RULES.find(({ id, knob: name }) => id === ids[0] && name === knob.name)
          if (typeof value !== 'number' || typeof reading.value !== 'number' || row?.direction === 'set') continue
          const special = knob.type.kind === 'integer' && knob.type.special.some((one) => one.value === reading.value)
          if (!special) expect(Math.sign(value - reading.value), `${ref} ${reading.value} -> ${value}`).toBe(row?.direction === 'raise' ? 1 : -1)
        }
        const objections = await rules.objections(scenario)
        expect(objections.filter((message) => /times away|outside|uncertain/.test(message))).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})
