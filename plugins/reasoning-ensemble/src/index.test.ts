import reasoningLlm from '@semantos/reasoning-llm'
import { definePlugin, formatValue, type Plan, type Plugin, type PluginKernel, type Reading, type RecommendationDraft, type Situation, z } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import ensemble from './index.js'

type Values = Readonly<Record<string, { readonly value: RecommendationDraft['value']; readonly u: number } & Partial<RecommendationDraft>>>
type EnsembleOptions = Omit<NonNullable<Parameters<typeof ensemble>[0]>, 'reasoners'>

/** A reasoner of a test's own. */
function reasoner(name: string, setup: (kernel: PluginKernel<'reasoning'>) => void): Plugin<'reasoning'> {
  return definePlugin({ name, stage: 'reasoning', api: 1, options: z.strictObject({}), setup })()
}

function draft(knob: string, { value, u, ...part }: Values[string]): RecommendationDraft {
  return { knob, value, uncertainty: u, rationale: `because of ${knob}`, expected: { metric: 'p95_ms', change_pct: -5 }, ...part }
}

/** Recommends these, whatever it is given. */
const saying = (name: string, values: Values) =>
  reasoner(name, ({ hooks }) => hooks.reason.tapPromise('say', () => ({ recommendations: Object.entries(values).map(([knob, part]) => draft(knob, part)), advice: [{ symptom: 'seen', text: name }] })))

const CURRENT: Readonly<Record<string, number>> = { 'vm.swappiness': 60, 'vm.dirty_ratio': 20, 'net.core.somaxconn': 4096 }

async function compared(reasoners: readonly Plugin<'reasoning'>[], options: EnsembleOptions = {}, before: readonly Plugin<'reasoning'>[] = []) {
  await using kit = await mount([...before, ensemble({ reasoners: [...reasoners], ...options })], { timeLimitMs: 10_000 })
  const current = new Map(Object.entries(CURRENT).map(([knob, value]): [string, Reading] => [knob, { status: 'present', knob, text: formatValue(value), value, writable: true, live: true }]))
  const snapshot = { time: '2026-01-01T00:00:00.000Z', host: null, metrics: [], missing: [] }
  const situation: Situation = { ...kit.cycle, snapshot, evidence: { edges: [], traces: [], documents: [] }, current }
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  const plan = await kit.kernel.hooks.reason.run({ recommendations: [], advice: [] }, situation)
  return { plan, logged: [...kit.logged] }
}

const values = ({ recommendations }: Plan) => Object.fromEntries(recommendations.map(({ knob, value }) => [knob, value]))

describe('reasoners that agree', () => {
  it('make a recommendation surer, and it says who they are', async () => {
    const { plan } = await compared([
      saying('a', { 'vm.swappiness': { value: 10, u: 0.4, edges: ['e1'], cues: [{ metric: 'load', value: 9, because: 'above 8' }] } }),
      saying('b', { 'vm.swappiness': { value: 12, u: 0.3, edges: ['e2'], rules: ['r'] } }),
    ])
    expect(plan.recommendations).toHaveLength(1)
    expect(plan.recommendations[0]).toMatchObject({
      value: 12, rationale: 'because of vm.swappiness (b and a agree)', rules: ['agreed: b', 'agreed: a', 'r'], edges: ['e2', 'e1'], cues: [{ metric: 'load' }], proposed_by: '@semantos/reasoning-ensemble',
    })
    expect(plan.recommendations[0]?.uncertainty).toBeCloseTo(0.3 * Math.sqrt(0.4), 12)
    expect(plan.advice.map(({ text }) => text)).toEqual(['a', 'b', 'agreed on vm.swappiness (b, a)'])
  })

  it('leave alone what only one of them sees', async () => {
    const { plan } = await compared([saying('a', { 'vm.swappiness': { value: 10, u: 0.4 } }), saying('b', { 'vm.dirty_ratio': { value: 25, u: 0.7 } })])
    expect(plan.recommendations).toMatchObject([{ knob: 'vm.swappiness', uncertainty: 0.4, rationale: 'because of vm.swappiness' }, { knob: 'vm.dirty_ratio', uncertainty: 0.7 }])
  })
})

describe('reasoners that disagree', () => {
  it('make the surer less sure', async () => {
    const { plan } = await compared([saying('a', { 'vm.swappiness': { value: 10, u: 0.1 } }), saying('b', { 'vm.swappiness': { value: 90, u: 0.7 } })])
    expect(values(plan)).toEqual({ 'vm.swappiness': 10 })
    expect(plan.recommendations[0]?.uncertainty).toBeCloseTo(1 - 0.9 * Math.sqrt(0.7), 12)
    expect(plan.recommendations[0]?.rationale).toContain('(b says 90)')
    expect(plan.advice.at(-1)?.text).toBe('vm.swappiness: a says 10; b says 90; uncertainty 0.25')
  })

  it('keep it out of the plan where nothing is left to rely on', async () => {
    const { plan } = await compared([saying('a', { 'vm.swappiness': { value: 10, u: 0.2 }, 'vm.dirty_ratio': { value: 25, u: 0.2 } }), saying('b', { 'vm.swappiness': { value: 90, u: 0.2 } })])
    expect(values(plan)).toEqual({ 'vm.dirty_ratio': 25 })
    expect(plan.advice.at(-1)?.text).toMatch(/a says 10; b says 90; uncertainty 0\.64: left out/)
  })

  it('are outvoted together', async () => {
    const { plan } = await compared([saying('a', { 'vm.swappiness': { value: 90, u: 0.25 } }), saying('b', { 'vm.swappiness': { value: 10, u: 0.3 } }), saying('c', { 'vm.swappiness': { value: 14, u: 0.3 } })], { max_uncertainty: 0.9 })
    expect(values(plan)).toEqual({ 'vm.swappiness': 10 })
    expect(plan.recommendations[0]?.rationale).toContain('b and c agree; a says 90')
  })
})

describe('in a chain', () => {
  it('the plan before it has a voice, and keeps its author', async () => {
    const { plan } = await compared([saying('a', { 'vm.swappiness': { value: 10, u: 0.4 } }), saying('b', {})], {}, [saying('first', { 'vm.swappiness': { value: 12, u: 0.3 }, 'net.core.somaxconn': { value: 8192, u: 0.3 } })])
    expect(plan.recommendations).toMatchObject([
      { knob: 'vm.swappiness', value: 12, proposed_by: 'first', changed_by: ['@semantos/reasoning-ensemble'], rules: ['agreed: first', 'agreed: a'] },
      { knob: 'net.core.somaxconn', proposed_by: 'first', changed_by: [] },
    ])
  })

  it('each reasoner starts from an empty plan, and its own taps see each other', async () => {
    const seen: number[] = []
    const two = reasoner('two', ({ hooks }) => {
      hooks.reason.tapPromise('one', (plan) => {
        seen.push(plan.recommendations.length)
        return { recommendations: [draft('vm.swappiness', { value: 10, u: 0.2 })] }
      })
      hooks.reason.tapPromise('two', (plan) => {
        seen.push(plan.recommendations.length)
        return plan
      })
    })
    const { plan } = await compared([two, saying('b', {})], {}, [saying('first', { 'vm.dirty_ratio': { value: 25, u: 0.2 } })])
    expect(seen).toEqual([0, 1])
    expect(values(plan)).toEqual({ 'vm.dirty_ratio': 25, 'vm.swappiness': 10 })
  })
})

describe('a reasoner that fails', () => {
  const broken = reasoner('broken', ({ hooks }) => hooks.reason.tapPromise('fail', () => Promise.reject(new Error('out of order'))))
  const nonsense = reasoner('nonsense', ({ hooks }) => hooks.reason.tapPromise('fail', () => ({ recommendations: [draft('vm.swappiness', { value: 10, u: 7 })] })))
  const hung = reasoner('hung', ({ hooks }) => hooks.reason.tapPromise('hang', () => new Promise(() => undefined)))
  const sound = saying('sound', { 'vm.swappiness': { value: 10, u: 0.4 } })

  it.each([
    ['throws', broken, 'broken says nothing: out of order'],
    ['returns nonsense', nonsense, 'nonsense returned a plan that breaks the contract of reason'],
    ['hangs', hung, 'hung says nothing: no answer within 200 ms'],
  ])('and %s says nothing, and the others are heard', async (_what, plugin, words) => {
    const { plan, logged } = await compared([plugin, sound], { deadline_ms: 200 })
    expect(values(plan)).toEqual({ 'vm.swappiness': 10 })
    expect(logged.join('\n')).toContain(words)
    expect(plan.advice.at(-1)).toMatchObject({ symptom: 'reasoners compared' })
  })

  it('like all the others is an error', async () => {
    await expect(compared([broken, nonsense])).rejects.toThrow('out of order')
  })
})

describe('what a reasoner is handed', () => {
  it('has its own name in the log, its own random numbers, and a signal that ends at the deadline', async () => {
    const drawn: number[] = []
    let aborted = false
    const curious = (name: string) =>
      reasoner(name, ({ hooks, host, paths }) =>
        hooks.reason.tapPromise('look', async (plan, { random, log, signal, slo }) => {
          drawn.push(random('stream')())
          log(`${host.root} ${typeof paths.base} ${slo.p95_ms}`)
          signal.addEventListener('abort', () => void (aborted = true))
          if (name === 'slow') await new Promise((resolve) => setTimeout(resolve, 400))
          return plan
        }),
      )
    const { logged } = await compared([curious('a'), curious('slow')], { deadline_ms: 150 })
    expect(logged).toContain('@semantos/reasoning-ensemble: a: / string 120')
    expect(new Set(drawn).size).toBe(2)
    expect(aborted).toBe(true)
  })

  it('are the lifecycle hooks of the kernel, under its name', async () => {
    const told: string[] = []
    const living = reasoner('living', ({ hooks }) => {
      hooks.start.tapPromise('start', () => void told.push('start'))
      hooks.dispose.tapPromise({ name: 'end' }, () => void told.push('dispose'))
      hooks.reason.tapPromise('pass', (plan) => plan)
    })
    await using kit = await mount(ensemble({ reasoners: [living, saying('b', {})] }))
    expect(kit.kernel.hooks.start.taps.map(({ tap }) => tap)).toEqual(['living#start'])
    await kit.kernel.hooks.start.run({ planning: true }, kit.cycle)
    await kit.kernel.dispose()
    expect(told).toEqual(['start', 'dispose'])
  })

  it('is enough for the language model', async () => {
    const { plan } = await compared([reasoningLlm({ base_url: 'http://127.0.0.1:1/v1', model: 'm', samples: 1, retries: 0 }), saying('b', { 'vm.swappiness': { value: 10, u: 0.2 } })])
    expect(values(plan)).toEqual({ 'vm.swappiness': 10 })
  })
})

describe('options', () => {
  const refused = (reasoners: readonly unknown[]) => JSON.stringify(ensembleOptions(reasoners))
  it('name what is wrong with them', () => {
    const other = definePlugin({ name: 'guard', stage: 'guardrails', api: 1, options: z.strictObject({}), setup: () => undefined })()
    const strict = definePlugin({ name: 'strict', stage: 'reasoning', api: 1, options: z.strictObject({ level: z.int() }), setup: () => undefined })
    expect(refused([saying('a', {})])).toContain('reasoners')
    expect(refused([saying('a', {}), other])).toContain('must be a plugin of stage reasoning')
    expect(refused([saying('a', {}), 'reasoning-rules'])).toContain('must be a plugin of stage reasoning')
    expect(refused([saying('a', {}), saying('a', {})])).toContain('holds a reasoner twice')
    expect(refused([saying('a', {}), strict()])).toContain('"options","level"')
  })
})

function ensembleOptions(reasoners: readonly unknown[]): unknown {
  return ensemble({ reasoners: [] }).optionsSchema.safeParse({ reasoners }).error?.issues
}
