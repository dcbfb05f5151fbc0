import { z } from 'zod'
import type { Knob } from '../../model/knob.js'
import type { Call } from '../call.js'
import { type Draft, byKey, parse } from './draft.js'

/** What `explain` is handed. */
export interface NotesView {
  /** The knob that the operator asks about. */
  readonly knob: Knob
  /** Adds a sentence about it: a rule that uses it, a bound, a mechanism. */
  note(topic: string, text: string): void
}

/** What plugins have to say about one knob, for `semantos explain`. */
export class NotesDraft implements Draft<NotesView> {
  readonly #notes: { topic: string; text: string; source: string }[] = []

  constructor(readonly knob: Knob) {}

  /** The view of one tap. */
  for(call: Call): NotesView {
    return {
      knob: this.knob,
      note: (topic, text) => {
        this.#notes.push({ ...parse(Note, { topic, text }, call), source: call.plugin })
        call.note(topic)
      },
    }
  }

  /** The notes, ordered by topic. */
  finish() {
    return byKey(this.#notes, (note) => `${note.topic} ${note.source} ${note.text}`)
  }
}

const Note = z.strictObject({ topic: z.string().min(1).max(64), text: z.string().min(1).max(2000) })
