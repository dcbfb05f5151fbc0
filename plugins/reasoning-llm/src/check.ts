import { formatValue, type Knob, KnobRef, KnobValue, type Redact, refuses, sameValue } from '@semantos/core'
import { AnswerItem } from './answer.js'
import type { Prompt, Source } from './prompt.js'
import type { Subject } from './rank.js'
import { plain, spelled } from './untrusted.js'
import { unitHint } from './unit-hint.js'

/** A recommendation of one sample that may be counted: the knob exists, is ours to change, and takes the value. */
export interface Suggestion {
  readonly knob: KnobRef
  readonly value: KnobValue
  readonly rationale: string
  readonly expected: { readonly metric: string; readonly change_pct: number }
  readonly cues: readonly string[]
  readonly sources: readonly Source[]
}

export interface Checked {
  readonly suggestions: readonly Suggestion[]
  /** What was passed over and why, in words for the operator. */
  readonly dropped: readonly string[]
}

const LONGEST_RATIONALE = 600

/** Checks the recommendations of one sample, one by one: one that is refused says nothing about the others. */
export function checkItems(items: readonly unknown[], subject: Subject, prompt: Prompt, most: number, redact: Redact): Checked {
  const dropped: string[] = []
  const suggestions = new Map<KnobRef, Suggestion>()
  const contradicted = new Set<KnobRef>()
  const offered = new Set(prompt.knobs)
  for (const item of items.slice(0, most)) {
    const checked = checkItem(item, subject, offered, prompt, redact)
    dropped.push(...checked.notes)
    const { suggestion } = checked
    if (!suggestion) continue
    const earlier = suggestions.get(suggestion.knob)
    if (earlier && !sameValue(earlier.value, suggestion.value)) contradicted.add(suggestion.knob)
    suggestions.set(suggestion.knob, earlier ?? suggestion)
  }
  for (const knob of contradicted) {
    suggestions.delete(knob)
    dropped.push(`${knob}: recommended twice with different values`)
  }
  if (items.length > most) dropped.push(`${items.length - most} recommendations beyond the ${most} that were asked for`)
  return { suggestions: [...suggestions.values()], dropped }
}

interface CheckedItem {
  readonly suggestion?: Suggestion
  readonly notes: readonly string[]
}

function checkItem(item: unknown, subject: Subject, offered: ReadonlySet<KnobRef>, prompt: Prompt, redact: Redact): CheckedItem {
  const parsed = AnswerItem.safeParse(item)
  if (!parsed.success) return { notes: [`${nameIn(item, redact)}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'recommendation'}: ${message}`).slice(0, 3).join('; ')}`] }
  const { knob: ref, value, rationale, expected, cues, evidence } = parsed.data
  const name = spelled(redact(ref))
  const reason = refusesKnob(ref, subject, offered)
  if (reason !== null) return { notes: [`${name}: ${reason}`] }
  const knob = subject.catalogue.get(ref)
  if (!knob) return { notes: [`${name}: is not in the catalogue`] }
  const whole = KnobValue.safeParse(value)
  if (!whole.success) return { notes: [`${name}: ${inWords(value, redact)} is no value, ${wanted(knob)}${unitHint(knob, value)}`] }
  const refusal = refusesValue(knob, whole.data)
  if (refusal !== null) return { notes: [`${name} = ${plain(redact(formatValue(whole.data)), 60)} ${refusal}${unitHint(knob, value)}`] }

  const measured = new Set(subject.snapshot.metrics.map((metric) => metric.name))
  const sources = evidence.flatMap((id) => prompt.sources.get(id) ?? [])
  const notes = [...cues.filter((cue) => !measured.has(cue)).map((cue) => `metric ${spelled(redact(cue))}, which was not measured`), ...evidence.filter((id) => !prompt.sources.has(id)).map((id) => `evidence ${spelled(redact(id))}, which it was not given`)]
  return {
    suggestion: {
      knob: ref,
      value: whole.data,
      rationale: plain(redact(rationale), LONGEST_RATIONALE) || 'no reason given',
      expected: { metric: measured.has(expected.metric) ? expected.metric : 'p95_ms', change_pct: expected.change_pct + 0 },
      cues: [...new Set(cues.filter((cue) => measured.has(cue)))],
      sources,
    },
    notes: notes.slice(0, 3).map((note) => `${name}: cites ${note}; the citation is left out`),
  }
}

function refusesKnob(ref: string, { catalogue, current }: Subject, offered: ReadonlySet<KnobRef>): string | null {
  if (!KnobRef.safeParse(ref).success) return 'is not the name of a knob'
  if (!catalogue.get(ref)) return 'is not in the catalogue'
  const reading = current.get(ref)
  if (!reading) return 'is not a knob or device that was read on this host'
  if (reading.status !== 'present') return `is ${reading.status} on this host: ${plain(reading.reason, 200)}`
  if (!reading.writable) return 'cannot be written on this host'
  return offered.has(ref) ? null : 'was not among the knobs that were shown'
}

/** Of an enum only the words that were shown: a word that the kernel does not know can make it load a module of that name. */
function refusesValue(knob: Knob, value: KnobValue): string | null {
  const { type } = knob
  if (type.kind === 'enum' && !type.values.some((word) => word.value === value)) return `is none of its words, ${type.values.map((word) => word.value).join(', ')}`
  const refusal = refuses(knob, value, 'range') ?? refuses(knob, value, 'safe')
  if (!refusal) return null
  const { rule, bound } = refusal
  return rule === 'type' ? `is not ${bound}` : `is outside ${rule === 'range' ? 'what the kernel accepts' : 'the safe bounds'}, ${bound}`
}

function wanted({ type }: Knob): string {
  switch (type.kind) {
    case 'integer':
      return `it takes a whole number in ${type.unit}`
    case 'boolean':
      return 'it takes 0 or 1'
    case 'enum':
      return 'it takes a word'
    case 'vector':
      return `it takes ${type.fields.length} whole numbers`
  }
}

/** A value as it was answered, whatever it was. */
function inWords(value: unknown, redact: Redact): string {
  if (typeof value === 'string') return `"${spelled(redact(value))}"`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : formatValue(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  return value === null || value === undefined ? 'nothing' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function nameIn(item: unknown, redact: Redact): string {
  return typeof item === 'object' && item !== null && 'knob' in item && typeof item.knob === 'string' ? spelled(redact(item.knob)) : 'a recommendation without a knob'
}
