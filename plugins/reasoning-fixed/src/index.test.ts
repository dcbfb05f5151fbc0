import { Catalogue, type Plan, type Reading } from '@semantos/core'
import { NotesDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { knobOf } from '../../../tests/faults/fake-root.js'
import fixed from './index.js'

const present = (knob: string, value: number | string): Reading => ({ status: 'present', knob, text: String(value), value, writable: true, live: false })

const HOST: readonly Reading[] = [
  present('vm.swappiness', 60),
  present('block.read_ahead_kb[sda]', 128),
  present('block.read_ahead_kb[sdb]', 8192),
  present('block.read_ahead_kb[nvme0n1]', 128),
  { status: 'unavailable', knob: 'kernel.sched_latency_ns', reason: 'left the kernel in 5.13', successor: null },
  { status: 'not permitted', knob: 'sched.base_slice_ns', reason: 'needs root' },
]

const EMPTY: Plan = { recommendations: [], advice: [] }

type Options = NonNullable<Parameters<typeof fixed>[0]>

async function reason(options: Options, { host = HOST, plan = EMPTY }: { host?: readonly Reading[]; plan?: Plan } = {}): Promise<Plan> {
  await using kit = await mount(fixed(options))
  const snapshot = { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] }
  const current = new Map(host.map((reading) => [reading.knob, reading]))
  return await kit.kernel.hooks.reason.run(plan, { ...kit.cycle, snapshot, evidence: { edges: [], traces: [], documents: [] }, current })
}

const wanted = (plan: Plan) => plan.recommendations.map(({ knob, value }) => [knob, value])

describe('reasoning-fixed', () => {
  it('recommends the values of its options, with its name, a reason and how sure it is', async () => {
    const plan = await reason({ values: { 'vm.swappiness': 10 }, rationale: 'imported from p', uncertainty: 0.1 })
    expect(plan.recommendations).toMatchObject([
      { knob: 'vm.swappiness', value: 10, rationale: 'imported from p', uncertainty: 0.1, proposed_by: '@semantos/reasoning-fixed', expected: { change_pct: 0 } },
    ])
    expect((await reason({ values: { 'vm.swappiness': 10 } })).recommendations[0]).toMatchObject({ uncertainty: 0.2, rationale: 'the config fixes this value' })
  })

  it('means every device by a name alone, and those that match by patterns', async () => {
    expect(wanted(await reason({ values: { 'block.read_ahead_kb': 1 } }))).toEqual([['block.read_ahead_kb[sda]', 1], ['block.read_ahead_kb[sdb]', 1], ['block.read_ahead_kb[nvme0n1]', 1]])
    expect(wanted(await reason({ values: { 'block.read_ahead_kb[sd?,!sdb]': 1 } }))).toEqual([['block.read_ahead_kb[sda]', 1]])
    expect(wanted(await reason({ values: { 'block.read_ahead_kb[!sd*]': 1 } }))).toEqual([['block.read_ahead_kb[nvme0n1]', 1]])
    expect(wanted(await reason({ values: { 'block.read_ahead_kb[sda]': 1 } }))).toEqual([['block.read_ahead_kb[sda]', 1]])
  })

  it('lets the later of two patterns hold', async () => {
    expect(wanted(await reason({ values: { 'block.read_ahead_kb[sd*]': 1, 'block.read_ahead_kb[sdb]': 2 } }))).toEqual([['block.read_ahead_kb[sda]', 1], ['block.read_ahead_kb[sdb]', 2]])
  })

  it('leaves a value alone that is within a bound', async () => {
    expect(wanted(await reason({ values: { 'block.read_ahead_kb[sd*]': { at_least: 4096 } } }))).toEqual([['block.read_ahead_kb[sda]', 4096]])
    expect(wanted(await reason({ values: { 'block.read_ahead_kb[sd*]': { at_most: 4096 } } }))).toEqual([['block.read_ahead_kb[sdb]', 4096]])
    expect(wanted(await reason({ values: { 'vm.swappiness': { at_least: 60 } } }))).toEqual([])
    expect(wanted(await reason({ values: { 'vm.swappiness': { at_most: 60 } } }))).toEqual([])
  })

  it('recommends what this host lacks or bars as well, so that the plan says so', async () => {
    expect(wanted(await reason({ values: { 'kernel.sched_latency_ns': { at_least: 5 }, 'sched.base_slice_ns': 3, 'vm.nobody_reads': 7 } }))).toEqual([
      ['kernel.sched_latency_ns', 5], ['sched.base_slice_ns', 3], ['vm.nobody_reads', 7],
    ])
  })

  it('advises where no device matches', async () => {
    const plan = await reason({ values: { 'block.read_ahead_kb[vd*]': 1 } })
    expect(wanted(plan)).toEqual([])
    expect(plan.advice).toEqual([{ symptom: 'no such device', text: 'no device of this host matches block.read_ahead_kb[vd*]', cues: [] }])
  })

  it('keeps what others recommend for other knobs, and takes the place of what they recommend for its own', async () => {
    const other = (knob: string, value: number) => ({
      knob, value, rationale: 'r', cues: [], expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.5, rules: [], edges: [], traces: [], documents: [], proposed_by: 'other', changed_by: [],
    })
    const plan = await reason({ values: { 'vm.swappiness': 10 } }, { plan: { recommendations: [other('vm.swappiness', 1), other('vm.dirty_ratio', 9)], advice: [] } })
    expect(wanted(plan)).toEqual([['vm.dirty_ratio', 9], ['vm.swappiness', 10]])
  })

  it('explains the knobs that it fixes', async () => {
    await using kit = await mount(fixed({ values: { 'vm.swappiness': { at_most: 10 }, 'vm.dirty_ratio': 9 } }))
    const notes = (await kit.kernel.hooks.explain.run(new NotesDraft(knobOf('vm.swappiness')), { ...kit.cycle, catalogue: Catalogue.of([]) })).finish()
    expect(notes).toMatchObject([{ topic: 'fixed', text: 'vm.swappiness at most 10: the config fixes this value' }])
  })

  it.each([
    { values: { 'VM.swappiness': 1 } },
    { values: { 'block.read_ahead_kb[../x]': 1 } },
    { values: { 'vm.swappiness': { at_least: 1.5 } } },
    { values: { 'vm.swappiness': { at_least: 1, at_most: 2 } } },
    { values: { 'vm.swappiness': 'a\nb' } },
    { values: {}, uncertainty: 2 },
    { values: {}, other: 1 },
    {},
  ])('refuses the options %j', (options) => {
    expect(fixed({ values: {} }).optionsSchema.safeParse(options).success).toBe(false)
  })

  it('gives every device of the host the value of the last pattern that matches it, and no other knob one', async () => {
    const device = fc.stringMatching(/^[ab]{1,3}$/)
    const rule = fc.tuple(fc.constantFrom('', '!'), fc.stringMatching(/^[ab*?]{1,3}$/)).map((parts) => parts.join(''))
    const pattern = fc.array(rule, { minLength: 1, maxLength: 3 }).map((rules) => `block.read_ahead_kb[${rules.join(',')}]`)
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(device, { minLength: 1 }), fc.dictionary(pattern, fc.nat()), async (devices, values) => {
        const plan = await reason({ values }, { host: devices.map((name) => present(`block.read_ahead_kb[${name}]`, 1)) })
        const expected = devices.flatMap((name): [string, number][] => {
          const last = Object.entries(values).findLast(([key]) => meansByHand(key.slice('block.read_ahead_kb['.length, -1).split(','), name))
          return last ? [[`block.read_ahead_kb[${name}]`, last[1]]] : []
        })
        expect(new Map(plan.recommendations.map(({ knob, value }) => [knob, value]))).toEqual(new Map(expected))
      }),
      { numRuns: 60 },
    )
  })
})

/** The rules again, without regular expressions. */
function meansByHand(rules: readonly string[], device: string): boolean {
  const positive = rules.filter((rule) => !rule.startsWith('!'))
  return (positive.length === 0 || positive.some((rule) => globByHand(rule, device))) && !rules.some((rule) => rule.startsWith('!') && globByHand(rule.slice(1), device))
}

function globByHand(glob: string, text: string): boolean {
  if (glob === '') return text === ''
  if (glob.startsWith('*')) return globByHand(glob.slice(1), text) || (text !== '' && globByHand(glob, text.slice(1)))
  return text !== '' && (glob.startsWith('?') || glob[0] === text[0]) && globByHand(glob.slice(1), text.slice(1))
}
