import type { Advice } from '@semantos/core'

/** Notes shown one by one; of more, only the number. */
const MOST_SHOWN = 24
/** Characters of an advice that the contract allows. */
const LONGEST = 2000

/** The same note of several samples once, with their number. */
export function counted(notes: readonly string[], samples: number): string[] {
  const counts = new Map<string, number>()
  for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1)
  return [...counts].map(([note, count]) => (samples === 1 ? note : `${note} (in ${Math.min(count, samples)} of ${samples} samples)`))
}

/** Notes as the advice of a plan, for the operator and the report. */
export function adviceOf(notes: readonly string[]): Advice[] {
  const rest = notes.length - MOST_SHOWN
  const shown = rest > 0 ? [...notes.slice(0, MOST_SHOWN), `and ${rest} more`] : notes
  return shown.map((text) => ({ symptom: 'language model', text: text.slice(0, LONGEST), cues: [] }))
}
