import { type Advice, type Cue, joinRef, type KnobName, type KnobRef, type KnobValue, MOST_RECOMMENDATIONS, type Plan, type PlanDraft, type Reading, refuses, sameValue, type Situation, splitRef } from '@semantos/core'
import { type Proposal, combine } from './combine.js'
import { withinReach } from './propose.js'
import { related } from './related.js'
import { remembered } from './remembered.js'
import type { Scene } from './scene.js'
import { type Change, type Symptom, ruleId } from './symptom.js'
import { unmeasured } from './unmeasured.js'

type Readings = ReadonlyMap<KnobRef, Reading>

/** A knob that a rule would change and cannot, and why. */
interface Blocked {
  readonly change: Change
  readonly ref: KnobRef
  readonly reason: string
  /** The knob that took its place in this kernel. */
  readonly successor: KnobName | null
}

interface Settings {
  readonly symptoms: readonly Symptom[]
  readonly maxUncertainty: number
  readonly minEdgeWeight: number
}

/** Asks about every symptom, and puts what helps against those that show behind what earlier reasoners have said. */
export function think(plan: Plan, { symptoms, maxUncertainty, minEdgeWeight }: Settings, situation: Situation, scene: Scene): PlanDraft {
  const { current, snapshot, evidence } = situation
  const findings = symptoms.flatMap((symptom) => scenesOf(symptom, scene).map((at) => findingOf(symptom, at, current)))
  const { recommendations, advice: conflicts } = combine(findings.flatMap(({ proposals }) => proposals))
  const taken = new Set(plan.recommendations.map(({ knob }) => knob))
  const weighed = remembered(recommendations.filter(({ knob }) => !taken.has(knob)), situation, maxUncertainty)
  const arranged = related(weighed.recommendations, plan.recommendations, evidence.edges.filter(({ weight }) => weight >= minEdgeWeight))
  return {
    recommendations: [...plan.recommendations, ...arranged.recommendations].slice(0, MOST_RECOMMENDATIONS),
    advice: [...plan.advice, ...findings.flatMap(({ advice }) => advice), ...conflicts, ...weighed.advice, ...arranged.advice, ...unmeasured(symptoms, scene, snapshot)],
  }
}

/** The host as a whole, or each device on which the symptom can show. */
function scenesOf({ each }: Symptom, scene: Scene): readonly Scene[] {
  return each === undefined ? [scene] : scene.devices(each).map((device) => scene.on(device))
}

interface Finding {
  readonly proposals: readonly Proposal[]
  readonly advice: readonly Advice[]
}

function findingOf(symptom: Symptom, scene: Scene, readings: Readings): Finding {
  const cues = symptom.when.cues(scene)
  if (!cues) return { proposals: [], advice: [] }
  const proposals: Proposal[] = []
  const blocked: Blocked[] = []
  for (const remedy of symptom.remedies) {
    for (const change of remedy.changes) {
      for (const ref of refsOf(change.knob, scene.device, readings)) {
        const reading = readings.get(ref)
        if (reading?.status !== 'present') {
          blocked.push({ change, ref, reason: reasonOf(reading), successor: reading?.status === 'unavailable' ? reading.successor : null })
          continue
        }
        const value = valueFor(symptom, change, ref, reading.value, scene)
        if (value !== null) proposals.push({ symptom, remedy, rule: ruleId(symptom, remedy), cues, ref, current: reading.value, value })
      }
    }
  }
  return { proposals, advice: adviceOn(symptom, scene, cues, proposals, blocked) }
}

/** The knob of the device in question, or of the host, or, for a symptom of the whole host, of every device that has it. */
function refsOf(name: KnobName, device: string | null, readings: Readings): readonly KnobRef[] {
  if (device !== null && readings.has(joinRef(name, device))) return [joinRef(name, device)]
  const ofDevices = device === null ? [...readings.keys()].filter((ref) => splitRef(ref).name === name) : []
  return ofDevices.length > 0 ? ofDevices : [name]
}

/** The kit's values are the kit's, needed or not; the evidence speaks only where a value would change and is safe. */
function valueFor({ set }: Symptom, { knob: name, propose }: Change, ref: KnobRef, current: KnobValue, scene: Scene): KnobValue | null {
  const knob = scene.knob(name)
  const wanted = knob ? propose(current, knob, scene.on(splitRef(ref).device ?? scene.device)) : null
  if (!knob || wanted === null || set === 'kit') return wanted
  const value = withinReach(knob, current, wanted)
  return sameValue(value, current) || refuses(knob, value, 'safe') ? null : value
}

const OUTSIDE = 'that is not among the knobs of this run, or no applier answers for it'

function reasonOf(reading: Exclude<Reading, { status: 'present' }> | undefined): string {
  if (!reading) return OUTSIDE
  if (reading.status === 'not permitted' || reading.successor === null) return reading.reason
  return `${reading.reason}; its successor is ${reading.successor}`
}

/** The kit says of every knob that it cannot set why; the evidence speaks up where nothing is left to try. */
function adviceOn(symptom: Symptom, { device }: Scene, cues: readonly Cue[], proposals: readonly Proposal[], blocked: readonly Blocked[]): Advice[] {
  const named = new Set(symptom.remedies.flatMap(({ changes }) => changes.map(({ knob }) => knob)))
  // Of a knob under the names it had in older kernels, the one that this kernel knows is enough.
  const told = blocked.filter(({ successor }) => symptom.set === 'kit' || successor === null || !named.has(successor))
  const why = sentences(symptom.set === 'kit' ? told.map((one) => [one]) : [...told.filter(({ reason }) => reason !== OUTSIDE).map((one) => [one]), told.filter(({ reason }) => reason === OUTSIDE)])
  const says = device === null ? symptom.says : `${symptom.says} (${device})`
  if (symptom.set === 'kit') return why.map((text) => ({ symptom: says, text, cues: [...cues] }))
  if (proposals.length > 0 || symptom.advice === null) return []
  return [{ symptom: says, text: [symptom.advice, ...why].join(' ').slice(0, 2000), cues: [...cues] }]
}

/** One sentence for each group of knobs that a rule would change and, for the same reason, cannot. */
function sentences(groups: readonly (readonly Blocked[])[]): string[] {
  return groups.flatMap((group) => {
    const [first] = group
    return first ? [`A rule would ${group.map(({ change: { direction }, ref }) => `${direction} ${ref}`).join(', ')}, but ${first.reason}.`] : []
  })
}
