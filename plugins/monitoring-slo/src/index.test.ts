import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Judgement, type Look, type StepView, type TrialResult } from '@semantos/core'
import { ObservationsDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import monitoringSlo from './index.js'
import { judge } from './judge.js'
import { Options } from './options.js'

type Written = Parameters<typeof monitoringSlo>[0]

function trial(p95: number, more: { throughput?: number; requests?: number; errors?: number } = {}): TrialResult {
  const { throughput = 1000, requests = 10_000, errors = 0 } = more
  return { latency: { p50_ms: p95 / 3, p95_ms: p95, p99_ms: p95 * 1.3, max_ms: p95 * 2 }, throughput_per_s: throughput, requests, errors, counters: {}, unseen: [] }
}

interface Seen {
  readonly p95s?: readonly number[]
  readonly trials?: readonly TrialResult[]
  readonly metrics?: Readonly<Record<string, number>>
}

function look({ p95s = [], trials = [], metrics = {} }: Seen): Look {
  return {
    snapshot: { time: '2026-01-01T00:00:00Z', host: null, missing: [], metrics: Object.entries(metrics).map(([name, value]) => ({ name, value, unit: 'percent', source: 'test' })) },
    trials: [...p95s.map((p95) => trial(p95)), ...trials],
  }
}

async function watch(before: Seen, after: Seen, options: Written = {}, { number = 0, previous }: { number?: number; previous?: Judgement } = {}) {
  await using kit = await mount(monitoringSlo(options))
  const empty = { edges: [], traces: [], documents: [] }
  const view: StepView = {
    ...kit.cycle,
    snapshot: look(before).snapshot,
    evidence: empty,
    current: new Map(),
    plan: { recommendations: [], advice: [] },
    resulting: new Map(),
    step: { knobs: ['vm.swappiness'], host_share: 1 },
    look: number,
    before: look(before),
    after: look(after),
  }
  const observations = (await kit.kernel.hooks.observe.run(new ObservationsDraft(), view)).finish()
  const judgement = await kit.kernel.hooks.judge.run(previous ?? { decision: 'promote', reasons: [] }, { ...view, observations })
  return { observations, judgement, decision: judgement.decision }
}

const STEADY = { p95s: [98, 99, 100, 101, 102] }

describe('observe', () => {
  it('shows medians over trials, pressure and guard metrics, after beside before', async () => {
    const before = { trials: [trial(100, { throughput: 900 }), trial(120, { throughput: 1100 }), trial(110)], metrics: { 'pressure.io_some_pct': 5, 'pressure.io_some_avg10_pct': 4, load: 3 } }
    const after = { trials: [trial(90, { errors: 100 }), trial(80, { errors: 100 })], metrics: { 'pressure.io_some_pct': 3, 'pressure.io_some_avg10_pct': 4, load: 2, 'vmstat.oom_kill_per_s': 0 } }
    const { observations } = await watch(before, after)
    expect(observations.map(({ name, unit, before: from, after: to }) => [name, unit, from, to])).toEqual([
      ['error_pct', 'percent', 0, 1],
      ['p95_ms', 'ms', 110, 85],
      ['pressure.io_some_pct', 'percent', 5, 3],
      ['throughput_per_s', 'per_s', 1000, 1000],
      ['vmstat.oom_kill_per_s', 'percent', null, 0],
    ])
  })

  it('takes the p95 of the telemetry where no workload is configured', async () => {
    const { observations } = await watch({ metrics: { p95_ms: 180 } }, { metrics: { p95_ms: 150 } })
    expect(observations).toMatchObject([{ name: 'p95_ms', before: 180, after: 150 }])
  })

  it('shows nothing where nothing was measured', async () => {
    expect((await watch({}, {})).observations).toEqual([])
  })
})

describe('judge', () => {
  it('promotes what is better, equal, or worse within the tolerance', async () => {
    for (const p95s of [[80, 81, 82], [100, 100, 100], [109, 110, 110]]) expect((await watch(STEADY, { p95s })).decision).toBe('promote')
  })

  it('rolls back what is worse by more than the tolerance and beyond the spread of the trials before', async () => {
    const { judgement } = await watch(STEADY, { p95s: [111, 112, 113] })
    expect(judgement).toEqual({
      decision: 'roll back',
      reasons: ['p95 112 ms, before 100 ms (12% worse; 3 against 5 measurements), the objective of 120 ms is kept; worse than every measurement before, which went up to 102 ms'],
    })
  })

  it('holds what is worse by more than the tolerance but inside the spread', async () => {
    expect((await watch({ p95s: [90, 95, 100, 110, 118] }, { p95s: [112, 113, 114] })).decision).toBe('hold')
  })

  it('holds what is worse in too few trials', async () => {
    expect((await watch({ p95s: [100] }, { p95s: [118] })).decision).toBe('hold')
    expect((await watch({ p95s: [100] }, { p95s: [118] }, { min_trials: 1 })).decision).toBe('roll back')
  })

  it('takes back what is undecided after the last look, and looks again before', async () => {
    const decisions = [0, 1, 2].map(async (number) => (await watch({ p95s: [100] }, { p95s: [118] }, {}, { number })).decision)
    expect(await Promise.all(decisions)).toEqual(['hold', 'hold', 'roll back'])
    const { judgement } = await watch({ p95s: [100] }, { p95s: [118] }, { max_looks: 2 }, { number: 1 })
    expect(judgement.decision).toBe('roll back')
    expect(judgement.reasons.at(-1)).toBe('still undecided after 2 looks')
  })

  it('promotes what misses the objective as before but is not worse', async () => {
    const { judgement } = await watch({ p95s: [178, 180, 183] }, { p95s: [170, 174, 175] })
    expect(judgement).toEqual({ decision: 'promote', reasons: ['p95 174 ms, before 180 ms (3.3% better; 3 against 3 measurements), the objective of 120 ms is missed as before'] })
  })

  it('rolls back where the objective was kept and is broken, even within the tolerance', async () => {
    expect((await watch({ p95s: [117, 118, 119] }, { p95s: [121, 122, 123] })).decision).toBe('roll back')
    expect((await watch({ p95s: [117, 118, 119] }, { p95s: [118, 119, 120] })).decision).toBe('promote')
  })

  it('holds where the objective is broken by no more than the noise of before', async () => {
    expect((await watch({ p95s: [110, 118, 125] }, { p95s: [119, 121, 122] })).decision).toBe('hold')
  })

  it('judges by the p95 of the telemetry where no workload is configured, never at the first look', async () => {
    const [before, worse] = [{ metrics: { p95_ms: 180 } }, { metrics: { p95_ms: 220 } }]
    expect((await watch(before, worse)).decision).toBe('hold')
    expect((await watch(before, worse, {}, { number: 2 })).decision).toBe('roll back')
    expect((await watch(before, { metrics: { p95_ms: 190 } })).decision).toBe('promote')
  })

  it('rolls back where the p95 can no longer be measured', async () => {
    const dead = { trials: [trial(0, { requests: 0 }), trial(0, { requests: 0 })] }
    expect((await watch(STEADY, dead, { max_throughput_drop_pct: 100 })).decision).toBe('hold')
    expect((await watch(STEADY, dead, { max_throughput_drop_pct: 100 }, { number: 2 })).decision).toBe('roll back')
  })

  it('says so where no p95 was ever measured', async () => {
    expect((await watch({}, {})).judgement).toEqual({ decision: 'promote', reasons: ['no p95 was measured before the step, so none can be compared'] })
  })

  it('rolls back where throughput falls beyond what trials differed before', async () => {
    const with_ = (...rates: number[]) => ({ trials: rates.map((throughput) => trial(100, { throughput })) })
    expect((await watch(with_(990, 1000, 1010), with_(880, 885, 890))).decision).toBe('roll back')
    expect((await watch(with_(990, 1000, 1010), with_(905, 910, 915))).decision).toBe('promote')
    expect((await watch(with_(700, 1000, 1010), with_(880, 885, 890))).decision).toBe('promote')
    expect((await watch(with_(990, 1000, 1010), with_(880, 885, 890), { max_throughput_drop_pct: 20 })).decision).toBe('promote')
  })

  it('rolls back where errors rise', async () => {
    const failing = (errors: number) => ({ trials: [trial(100, { errors }), trial(100, { errors }), trial(100, { errors })] })
    expect((await watch(failing(0), failing(11))).decision).toBe('roll back')
    expect((await watch(failing(0), failing(10))).decision).toBe('promote')
    expect((await watch(failing(500), failing(400))).decision).toBe('promote')
    expect((await watch(failing(0), failing(11), { max_error_rise_pct: 1 })).decision).toBe('promote')
  })

  it('rolls back where a guard metric rises by more than it may', async () => {
    const pressed = (value: number) => ({ ...STEADY, metrics: { 'pressure.memory_full_pct': value } })
    const { judgement } = await watch(pressed(1), pressed(12))
    expect(judgement.decision).toBe('roll back')
    expect(judgement.reasons).toContain('pressure.memory_full_pct rose from 1 to 12, and a rise of 10 is allowed')
    expect((await watch(pressed(1), pressed(11))).decision).toBe('promote')
    expect((await watch(pressed(1), pressed(12), { guard_metrics: {} })).decision).toBe('promote')
    expect((await watch(STEADY, pressed(12))).decision).toBe('promote')
  })

  it('never makes the decision of an earlier judge milder, and keeps its reasons', async () => {
    const earlier = (decision: Judgement['decision']) => ({ previous: { decision, reasons: ['said before'] } })
    expect((await watch(STEADY, STEADY, {}, earlier('roll back'))).judgement).toMatchObject({ decision: 'roll back', reasons: ['said before', expect.anything()] })
    expect((await watch(STEADY, STEADY, {}, earlier('hold'))).decision).toBe('hold')
    expect((await watch({ p95s: [100] }, { p95s: [118] }, {}, earlier('roll back'))).decision).toBe('roll back')
  })

  it('refuses options that make no sense', async () => {
    for (const options of [{ max_looks: 0 }, { tolerance_pct: -1 }, { min_trials: 0 }, { guard_metrics: { Load: 1 } }]) {
      await expect(watch({}, {}, options)).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OPTIONS' })
    }
  })

  it('is deterministic and keeps the contract, whatever was measured', async () => {
    await using kit = await mount(monitoringSlo())
    const options = Options.parse({})
    const measured = fc.record({ p95s: fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 8 }), metrics: fc.dictionary(fc.constantFrom('p95_ms', 'pressure.memory_full_pct'), fc.double({ noNaN: true, noDefaultInfinity: true })) })
    fc.assert(
      fc.property(measured, measured, fc.nat(5), fc.constantFrom('promote', 'hold', 'roll back'), (before, after, number, decision) => {
        const view: StepView = {
          ...kit.cycle, snapshot: look(before).snapshot, evidence: { edges: [], traces: [], documents: [] }, current: new Map(), plan: { recommendations: [], advice: [] }, resulting: new Map(),
          step: { knobs: ['vm.swappiness'], host_share: 1 }, look: number, before: look(before), after: look(after),
        }
        const previous = { decision, reasons: [] }
        const judgement = judge(previous, view, options)
        expect(judge(previous, view, options)).toEqual(Judgement.parse(judgement))
        if (decision === 'roll back') expect(judgement.decision).toBe('roll back')
        if (decision === 'hold') expect(judgement.decision).not.toBe('promote')
        expect(judgement.reasons.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })
})
