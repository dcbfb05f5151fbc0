import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Catalogue, type Evidence, type HostFacts, type Knob, type KnobRef, type KnobValue, type Plan, type Reading, type Situation, splitRef } from '@semantos/core'
import { VerdictDraft } from '@semantos/core/kernel'
import guardrailsBounds from '@semantos/guardrails-bounds'
import knowledgeCatalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import reasoningRules, { type Scene } from '../src/index.js'

export const GIB = 1024 ** 3
export const MIB = 1024 ** 2

export const HOST: HostFacts = {
  name: 'test', kernel: '6.18.0', boot_id: null, cpu_model: 'AMD EPYC 7763', cpus: 2, numa_nodes: 1, memory_bytes: 24 * GIB, swap_bytes: 0, block_devices: ['vda'], net_devices: ['eth0'], virtualization: 'vm',
}

/** A scene in which nobody measured anything, to be asked what it lacks. */
export const UNMEASURED: Scene = {
  host: null,
  sloP95Ms: 120,
  device: null,
  metric: () => undefined,
  devices: () => [],
  current: () => undefined,
  knob: () => undefined,
  offered: () => undefined,
  on: () => UNMEASURED,
}

export interface Scenario {
  readonly metrics?: Readonly<Record<string, number>>
  /** Knobs that stand elsewhere than at their default, or have none. */
  readonly current?: Readonly<Record<KnobRef, KnobValue>>
  readonly absent?: Readonly<Record<KnobRef, string | null>>
  readonly barred?: readonly KnobRef[]
  readonly unread?: readonly KnobRef[]
  readonly missing?: readonly string[]
  readonly host?: Partial<HostFacts>
  readonly root?: string
  readonly earlier?: Plan
  readonly evidence?: Partial<Evidence>
}

const EMPTY: Plan = { recommendations: [], advice: [] }
type Options = Parameters<typeof reasoningRules>[0]

/** A kernel with the catalogue, these rules and the guardrails, to be asked about many situations. */
export async function reasoner(options: Options = {}, root = mkdtempSync(join(tmpdir(), 'semantos-rules-'))) {
  const kit = await mount([knowledgeCatalogue(), reasoningRules(options), guardrailsBounds()], { root })
  const situation = (scenario: Scenario): Situation => ({
    ...kit.cycle,
    snapshot: {
      time: '2026-01-01T00:00:00Z',
      host: { ...HOST, ...scenario.host },
      metrics: Object.entries(scenario.metrics ?? {}).map(([name, value]) => ({ name, value, unit: 'none', source: 'test' })),
      missing: (scenario.missing ?? []).map((name) => ({ name, reason: 'this kernel has no such counter', source: 'test' })),
    },
    evidence: { edges: [], traces: [], documents: [], ...scenario.evidence },
    current: readings(kit.catalogue, scenario),
  })
  const reason = (scenario: Scenario): Promise<Plan> => kit.kernel.hooks.reason.run(scenario.earlier ?? EMPTY, situation(scenario))
  /** Violations of the plan that the rules make. */
  const objections = async (scenario: Scenario): Promise<string[]> => {
    const asked = situation(scenario)
    const plan = await reason(scenario)
    const resulting = new Map<KnobRef, KnobValue>()
    for (const reading of asked.current.values()) if (reading.status === 'present') resulting.set(reading.knob, reading.value)
    for (const { knob, value } of plan.recommendations) resulting.set(knob, value)
    return (await kit.kernel.hooks.guard.run(new VerdictDraft(), { ...asked, plan, resulting })).finish().violations.map(({ message }) => message)
  }
  return { kit, situation, reason, objections, [Symbol.asyncDispose]: () => kit.kernel.dispose() }
}

/** What the rules recommend, as knob and value. */
export async function valuesFor(options: Options, scenario: Scenario): Promise<Record<KnobRef, KnobValue>> {
  await using rules = await reasoner(options, scenario.root)
  const plan = await rules.reason(scenario)
  return Object.fromEntries(plan.recommendations.map(({ knob, value }) => [knob, value]))
}

/** Every knob of the host at its default, where it has one, with the scenario on top. */
function readings(catalogue: Catalogue, { current = {}, absent = {}, barred = [], unread = [] }: Scenario): Map<KnobRef, Reading> {
  const read = new Map<KnobRef, Reading>()
  for (const knob of catalogue) if (knob.where.per === 'host' && knob.default !== null) read.set(knob.name, present(knob.name, knob.default, knob))
  for (const [ref, value] of Object.entries(current)) read.set(ref, present(ref, value, catalogue.get(ref)))
  for (const [ref, successor] of Object.entries(absent)) read.set(ref, { status: 'unavailable', knob: ref, reason: 'this kernel does not have it', successor })
  for (const ref of barred) read.set(ref, { status: 'not permitted', knob: ref, reason: 'the kernel is locked down' })
  for (const ref of [...read.keys()]) if (unread.includes(splitRef(ref).name)) read.delete(ref)
  return read
}

/** As the kernel shows it: with all words of an enum, the chosen one in brackets, where it does that. */
function present(ref: KnobRef, value: KnobValue, knob: Knob | undefined): Reading {
  const words = knob?.type.kind === 'enum' && knob.type.brackets ? knob.type.values.map((choice) => (choice.value === value ? `[${value}]` : choice.value)) : null
  return { status: 'present', knob: ref, text: (words ?? [value].flat()).join(' '), value, writable: true, live: true }
}
