import type { Knob, KnobName, KnobValue, Recommendation } from '@semantos/core'
import type { Detector } from './detect.js'
import type { Propose } from './propose.js'
import type { Scene } from './scene.js'

export type RuleSet = 'kit' | 'evidence'
export type Direction = 'raise' | 'lower' | 'set'

/** What is to be done to one knob. */
export interface Change {
  readonly knob: KnobName
  readonly direction: Direction
  readonly propose: Propose
}

/** One thing to try against a symptom: a change, or several that make sense together only. */
export interface Remedy {
  readonly id: string
  readonly changes: readonly Change[]
  /** How the change works against the symptom. */
  readonly why: string
  /** What the writer of the rule expects; a measurement it is not. */
  readonly expected: Recommendation['expected']
  readonly uncertainty: number
  readonly checkAfter: string
}

/** Something that telemetry can show, with what to try against it, surest first. */
export interface Symptom {
  readonly id: string
  readonly set: RuleSet
  /** A sentence without its full stop. */
  readonly says: string
  /** A metric with a device: the symptom is looked for on each device that has it. */
  readonly each?: string
  readonly when: Detector
  readonly remedies: readonly Remedy[]
  /** What a person should look at where no remedy is left; null where there is nothing to look at. */
  readonly advice: string | null
}

/** A row of the rule table: one knob of one remedy. Rows with the same id are one remedy and go in together. */
export interface Rule {
  readonly id: string
  readonly set: RuleSet
  readonly symptom: string
  /** The telemetry that triggers it, or null. */
  readonly when: Detector['cues']
  readonly knob: KnobName
  readonly direction: Direction
  readonly propose: (current: KnobValue, knob: Knob, scene: Scene) => KnobValue | null
  readonly why: string
  readonly expected: Remedy['expected']
  readonly uncertainty: number
  readonly checkAfter: string
}

export function ruleId(symptom: Symptom, remedy: Remedy): string {
  return `${symptom.id}/${remedy.id}`
}

export function rulesOf(symptom: Symptom): Rule[] {
  const { set, says, when } = symptom
  return symptom.remedies.flatMap((remedy) =>
    remedy.changes.map((change) => ({
      ...change,
      id: ruleId(symptom, remedy),
      set,
      symptom: says,
      when: (scene) => when.cues(scene),
      why: remedy.why,
      expected: remedy.expected,
      uncertainty: remedy.uncertainty,
      checkAfter: remedy.checkAfter,
    })),
  )
}

export function raise(knob: KnobName, propose: Propose): Change {
  return { knob, direction: 'raise', propose }
}

export function lower(knob: KnobName, propose: Propose): Change {
  return { knob, direction: 'lower', propose }
}

export function set(knob: KnobName, propose: Propose): Change {
  return { knob, direction: 'set', propose }
}
