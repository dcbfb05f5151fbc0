import { formatValue, type Knob, type KnobRef, type KnobValue, type Reading, type Recommendation, refuses, sameValue, type Snapshot } from '@semantos/core'
import { COARSE_FACTOR, type Candidate, candidateOf } from './candidate.js'
import { GUESS_UNCERTAINTY, guessable, ownProposal } from './guess.js'

/** Values that are tried without a symptom; each costs a trial. */
const MOST = 8
/** Of its search range, for a knob that is searched on a linear scale. */
const COARSE_SHARE = 0.25

/** Knobs to be tried because somebody named them, and the values to try. */
export interface Asked {
  readonly recommendations: readonly Recommendation[]
  readonly candidates: readonly Candidate[]
  /** Knobs that were named along with too many others. */
  readonly tooMany: number
}

/**
 * What was named by hand is tried also where nothing points to it: a coarse step to each side in the catalogue's search range, or its ends where
 * the value now is a special one; the other state of a switch, each other word of an enum. Some knobs, such as `net.unix.max_dgram_qlen`, have no counter that could ever show a
 * symptom. `taken` are knobs that something points to. All of them or, where they are many, none: a pattern such as `vm.*` names a subsystem.
 */
export function asked(scope: readonly Knob[], readings: ReadonlyMap<KnobRef, Reading>, { metrics }: Snapshot, taken: ReadonlySet<KnobRef>): Asked {
  const busy = new Set(metrics.flatMap(({ name, value }) => (value === 0 ? [] : [/\[(.+)\]$/.exec(name)?.[1] ?? ''])))
  const named = guessable(scope, readings, taken).flatMap(({ ref, device, knob, now }) => {
    if (device !== null && !busy.has(device)) return []
    return othersThan(knob, now).filter((value) => !sameValue(value, now) && refuses(knob, value, 'safe') === null).map((value) => ({ ref, now, value }))
  })
  const refs = [...new Map(named.map((one) => [one.ref, one])).values()]
  if (named.length > MOST) return { recommendations: [], candidates: [], tooMany: refs.length }
  return {
    recommendations: refs.map(({ ref, now, value }) => ownProposal(ref, value, `It was asked for by name. No symptom points to it, so it is tried from ${formatValue(now)} to each side.`)),
    candidates: named.map(({ ref, value }) => candidateOf([{ knob: ref, value }], GUESS_UNCERTAINTY)),
    tooMany: 0,
  }
}

function othersThan({ type }: Knob, now: KnobValue): KnobValue[] {
  if (type.kind === 'boolean') return [now === 1 ? 0 : 1]
  if (type.kind === 'enum') return type.values.map(({ value }) => value)
  if (type.kind !== 'integer' || !type.search || typeof now !== 'number') return []
  const { min, max, step, scale } = type.search
  // A special value, such as 0 for "no limit", has no sides.
  if (type.special.some(({ value }) => value === now)) return [min, max]
  const apart = Math.max(step, (max - min) * COARSE_SHARE)
  const [up, down] = scale === 'log2' ? [now * COARSE_FACTOR, now / COARSE_FACTOR] : [now + apart, now - apart]
  const within = (value: number) => min + Math.round((Math.min(max, Math.max(min, value)) - min) / step) * step
  return [within(up), within(down)].filter((value, index) => (index === 0 ? value > now : value < now))
}
