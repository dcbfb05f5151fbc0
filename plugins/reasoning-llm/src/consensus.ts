import { formatValue, type Knob, type KnobRef, type KnobValue } from '@semantos/core'
import type { Suggestion } from './check.js'
import { groupBy } from './group-by.js'
import type { Subject } from './rank.js'

/** What more than half of the samples say about one knob. */
export interface Agreed {
  readonly suggestion: Suggestion
  /** Samples in the winning bin, of all that were asked. */
  readonly votes: number
  readonly samples: number
  /** 0: all samples agree. 1: each says something else. */
  readonly uncertainty: number
}

/** A sample that answered nothing useful has no suggestions, and so votes for leaving every knob alone. */
export interface Consensus {
  readonly agreed: readonly Agreed[]
  /** Knobs that some samples would change, and no majority in the same way. */
  readonly split: readonly { readonly knob: KnobRef; readonly votes: number; readonly samples: number }[]
}

/** For want of anything to compare it with. */
const UNCERTAINTY_OF_ONE = 0.5

/**
 * Self-consistency (Wang et al., "Self-Consistency Improves Chain of Thought Reasoning in Language Models", ICLR 2023): the
 * same question k times, and what most samples say. Samples agree on a knob when they move it the same way into the same
 * bin. The value is the median of the winning bin: a value that a sample really proposed.
 */
export function consensus(samples: readonly (readonly Suggestion[])[], subject: Subject, temperatureScale: number): Consensus {
  const agreed: Agreed[] = []
  const split: { knob: KnobRef; votes: number; samples: number }[] = []
  for (const [knob, proposals] of byKnob(samples)) {
    const bins = [...groupBy(proposals, (proposal) => binOf(proposal, subject)).values()]
    const winners = bins.find((bin) => 2 * bin.length > samples.length)
    const suggestion = winners && medianOf(winners)
    if (!suggestion) {
      split.push({ knob, votes: proposals.length, samples: samples.length })
      continue
    }
    const silent = samples.length - proposals.length
    const counts = [...bins.map((bin) => bin.length), ...(silent > 0 ? [silent] : [])]
    const uncertainty = samples.length === 1 ? UNCERTAINTY_OF_ONE : normalizedEntropy(counts, temperatureScale)
    agreed.push({ suggestion, votes: winners.length, samples: samples.length, uncertainty })
  }
  return { agreed: agreed.sort((a, b) => b.votes - a.votes), split }
}

/**
 * Entropy of how the samples fall into bins, divided by its largest value, ln k. Each share p is first made p^(1/T) and
 * normalized (temperature scaling, Guo et al., "On Calibration of Modern Neural Networks", ICML 2017): T above 1 makes less
 * sure, below 1 surer. 0..1.
 */
export function normalizedEntropy(counts: readonly number[], temperatureScale: number): number {
  const samples = counts.reduce((sum, count) => sum + count, 0)
  if (samples < 2) return 0
  const scaled = counts.map((count) => (count / samples) ** (1 / temperatureScale))
  const total = scaled.reduce((sum, share) => sum + share, 0)
  const entropy = scaled.reduce((sum, share) => sum - (share / total) * Math.log(share / total), 0)
  return Math.min(1, Math.max(0, entropy / Math.log(samples)))
}

/** In the order in which the samples first name them. */
function byKnob(samples: readonly (readonly Suggestion[])[]): Map<KnobRef, Suggestion[]> {
  return groupBy(samples.flat(), ({ knob }) => knob)
}

/** Direction from the value of now, and how far along its range: octaves on a logarithmic scale, else quarters. Words stand for themselves. */
export function binOf({ knob: ref, value }: Pick<Suggestion, 'knob' | 'value'>, { catalogue, current }: Pick<Subject, 'catalogue' | 'current'>): string {
  const knob = catalogue.get(ref)
  const reading = current.get(ref)
  const now = reading?.status === 'present' ? reading.value : null
  if (knob?.type.kind === 'integer' && typeof value === 'number') return direction(value, typeof now === 'number' ? now : null) + placeOf(knob.type, value)
  if (typeof value === 'object') return value.map((part, index) => direction(part, typeof now === 'object' ? (now?.[index] ?? null) : null) + octave(part)).join(' ')
  return formatValue(value)
}

function direction(value: number, now: number | null): string {
  return now === null ? '' : value > now ? 'up ' : value < now ? 'down ' : 'same '
}

function placeOf(type: Extract<Knob['type'], { kind: 'integer' }>, value: number): string {
  if (type.special.some((special) => special.value === value)) return `special ${value}`
  if (type.search?.scale === 'log2') return octave(value)
  const { min, max } = type.search ?? type.safe
  const wide = max - min > 1_000_000
  if (!type.search && wide) return octave(value)
  return `quarter ${Math.floor((4 * (value - min)) / (max - min + 1))}`
}

function octave(value: number): string {
  return `octave ${Math.sign(value) * Math.floor(Math.log2(Math.max(1, Math.abs(value))))}`
}

/** The lower median of values, so that it is one of them, and of the effects expected. */
function medianOf(suggestions: readonly Suggestion[]): Suggestion | undefined {
  const byValue = lowerMedian(suggestions, (a, b) => compareValues(a.value, b.value))
  const byEffect = lowerMedian(suggestions, (a, b) => a.expected.change_pct - b.expected.change_pct)
  return byValue && byEffect && { ...byValue, expected: byEffect.expected }
}

function lowerMedian<T>(list: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  return [...list].sort(compare)[(list.length - 1) >> 1]
}

function compareValues(a: KnobValue, b: KnobValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'object' && typeof b === 'object') return a.map((part, index) => part - (b[index] ?? part)).find((difference) => difference !== 0) ?? 0
  return formatValue(a) < formatValue(b) ? -1 : 1
}
