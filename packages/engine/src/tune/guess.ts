import { type Knob, type KnobRef, type KnobValue, type Reading, type Recommendation, splitRef } from '@semantos/core'

/** Just sure enough to be tried: tau is 0.55. */
export const GUESS_UNCERTAINTY = 0.5

/** What the tuner itself proposes: no symptom, rule or past run speaks for it. */
export function ownProposal(knob: KnobRef, value: KnobValue, rationale: string, uncertainty = GUESS_UNCERTAINTY): Recommendation {
  return {
    knob, value, rationale, uncertainty, expected: { metric: 'p95_ms', change_pct: 0 }, cues: [], rules: [], edges: [], traces: [], documents: [],
    proposed_by: 'semantos', changed_by: [],
  }
}

/** A setting of this host, as it stands. */
export interface Guessable {
  readonly ref: KnobRef
  readonly device: string | null
  readonly knob: Knob
  readonly now: KnobValue
}

/** What may be tried on a guess: it can be written here, is not risky, a trial can judge it, and nobody has proposed it (`taken`). */
export function guessable(scope: readonly Knob[], readings: ReadonlyMap<KnobRef, Reading>, taken: ReadonlySet<KnobRef>): Guessable[] {
  const knobs = new Map(scope.map((knob) => [knob.name, knob]))
  return [...readings].flatMap(([ref, reading]) => {
    const { name, device } = splitRef(ref)
    const knob = knobs.get(name)
    if (!knob?.automatic || knob.risk === 'high' || reading.status !== 'present' || !reading.writable || taken.has(ref)) return []
    return [{ ref, device, knob, now: reading.value }]
  })
}
