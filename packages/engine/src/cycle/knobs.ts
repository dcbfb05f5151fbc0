import { type Change, type Cycle, type Knob, type KnobRef, type KnobValue, type Plan, type Reading, refuses, sameValue, SemantosError, type Violation, violationText } from '@semantos/core'
import { followSuccessors, type Kernel, ReadingsDraft } from '@semantos/core/kernel'

/** Every knob as it stands, and which applier answers for it. */
export interface KnobState {
  readonly readings: ReadonlyMap<KnobRef, Reading>
  readonly claims: ReadonlyMap<KnobRef, string>
}

/** Asks the appliers, in their order, how these knobs stand. A knob that none answers for is left out. */
export async function readKnobs(kernel: Kernel, cycle: Cycle, knobs: Iterable<Knob>): Promise<KnobState> {
  const { readings, claims } = await kernel.hooks.read.run(new ReadingsDraft([...knobs]), cycle)
  return { readings: followSuccessors(readings), claims }
}

export function valuesOf(readings: ReadonlyMap<KnobRef, Reading>): Map<KnobRef, KnobValue> {
  const values = new Map<KnobRef, KnobValue>()
  for (const [ref, reading] of readings) if (reading.status === 'present') values.set(ref, reading.value)
  return values
}

/** Does a write to this knob change a running system? Then it needs the operator's `--apply`. */
export function isLive(state: KnobState, ref: KnobRef): boolean {
  const reading = state.readings.get(ref)
  return reading?.status === 'present' && reading.live
}

/** The state that would result: current values with the plan on top, where the host has the knob. */
export function resultingValues(state: KnobState, plan: Plan): Map<KnobRef, KnobValue> {
  const values = valuesOf(state.readings)
  for (const { knob, value } of plan.recommendations) {
    if (state.readings.get(knob)?.status !== 'unavailable') values.set(knob, value)
  }
  return values
}

/** What the kernel checks itself, whatever guards are configured: the catalogue, the run's scope, and what Linux accepts. */
export function contractViolations(plan: Plan, cycle: Cycle, scope: readonly Knob[]): Violation[] {
  const inScope = new Set(scope.map(({ name }) => name))
  return plan.recommendations.flatMap(({ knob: ref, value, proposed_by: proposer, changed_by: changers }) => {
    const from = `(from ${changers.at(-1) ?? proposer})`
    const knob = cycle.catalogue.get(ref)
    if (!knob) {
      const near = cycle.catalogue.similar(ref)
      const fix = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'use a knob of the catalogue'
      return [{ guard: 'semantos', rule: 'catalogue', knob: ref, message: `${ref} is not in the catalogue ${from}`, fix }]
    }
    if (!inScope.has(knob.name)) {
      return [{ guard: 'semantos', rule: 'scope', knob: ref, message: `${ref} is outside the knobs of this run ${from}`, fix: 'widen knobs in the config' }]
    }
    const refusal = refuses(knob, value, 'range')
    return refusal ? [{ guard: 'semantos', rule: refusal.rule, knob: ref, message: violationText(`${refusal.message} ${from}`), fix: violationText(`use ${refusal.bound}`) }] : []
  })
}

/**
 * The plan as changes to this host: what it lacks, what is barred or read-only and what already stands so is left out.
 * A knob that no applier answers for is an error before anything is written.
 */
export function changesOf(plan: Plan, state: KnobState): Change[] {
  return plan.recommendations.flatMap(({ knob, value }) => {
    const reading = state.readings.get(knob)
    if (!reading) throw new SemantosError('SEMANTOS_E_KNOB_UNCLAIMED', { message: `no applier answers for ${knob}` })
    if (reading.status !== 'present' || !reading.writable || sameValue(reading.value, value)) return []
    return [{ knob, from: reading.value, to: value }]
  })
}
