import { type Advice, type KnobValue, type RecommendationDraft, sameValue, type Situation, type Trace } from '@semantos/core'
import type { Related } from './related.js'

/** What is left of an uncertainty, or of a certainty, for one past run that changed nothing but this knob. */
const PER_RUN = 0.7
/** What the contract allows. */
const MOST_CITED = 64

/**
 * What past runs say: where they moved a knob the same way and it helped, a recommendation becomes surer; where it did harm, less sure, and from
 * `maxUncertainty` on it is left out. Of n knobs changed at once, each gets an n-th of praise and blame.
 */
export function remembered(recommendations: readonly RecommendationDraft[], { evidence, current }: Situation, maxUncertainty: number): Related {
  const advice: Advice[] = []
  const kept = recommendations.flatMap((one) => {
    const reading = current.get(one.knob)
    const runs = reading?.status === 'present' ? evidence.traces.filter((trace) => signOf(trace) !== 0 && didTheSame(trace, one, reading.value)) : []
    if (runs.length === 0) return [one]
    const sum = runs.reduce((total, trace) => total + signOf(trace) / trace.actions.length, 0)
    const weighed = sum > 0 ? one.uncertainty * PER_RUN ** sum : 1 - (1 - one.uncertainty) * PER_RUN ** -sum
    // More digits would claim more than is known.
    const uncertainty = Number(weighed.toPrecision(3))
    if (sum < 0 && uncertainty >= maxUncertainty) {
      advice.push(leftOut(one, runs))
      return []
    }
    return [{ ...one, uncertainty, traces: runs.map(({ id }) => id).slice(0, MOST_CITED) }]
  })
  return { recommendations: kept, advice }
}

function signOf({ verdict }: Trace): number {
  if (verdict === 'better') return 1
  return verdict === 'worse' || verdict === 'rolled back' ? -1 : 0
}

/** To the same value, or in the same direction as is recommended now. */
function didTheSame({ actions }: Trace, { knob, value }: RecommendationDraft, now: KnobValue): boolean {
  return actions.some(({ knob: changed, from, to }) => changed === knob && (sameValue(to, value) || (from !== null && side(from, to) !== 0 && side(from, to) === side(now, value))))
}

/** -1 down, 1 up; words and vectors have no sides. */
function side(from: KnobValue, to: KnobValue): number {
  return typeof from === 'number' && typeof to === 'number' ? Math.sign(to - from) : 0
}

function leftOut(one: RecommendationDraft, runs: readonly Trace[]): Advice {
  const past = runs.map(({ id, verdict, improvement_pct: change }) => `${id} (${verdict}${change === null ? '' : `, ${change.toFixed(1)}%`})`)
  return {
    symptom: `${one.knob}: what would be tried has done harm before`,
    text: `${one.rationale} It is left out, because of past runs near to this situation: ${past.join(', ')}.`.slice(0, 2000),
    cues: one.cues ?? [],
  }
}
