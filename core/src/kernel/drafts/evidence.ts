import type { z } from 'zod'
import { Document, Edge, type Evidence, Trace } from '../../model/evidence.js'
import type { Call } from '../call.js'
import { type Draft, byKey, parse } from './draft.js'

/** What `retrieve` is handed. */
export interface EvidenceView {
  /** Adds a relation between two knobs. */
  edge(edge: Edge): void
  /** Adds a past run that is near to this situation. */
  trace(trace: Trace): void
  /** Adds a note that bears on this situation. */
  document(document: Document): void
}

/** Evidence from every knowledge plugin. */
export class EvidenceDraft implements Draft<EvidenceView> {
  readonly #edges: Edge[] = []
  readonly #traces: Trace[] = []
  readonly #documents: Document[] = []

  /** The view of one tap. */
  for(call: Call): EvidenceView {
    const into = <T>(schema: z.ZodType<T>, list: T[], what: string) => (input: T) => {
      list.push(parse(schema, input, call))
      call.note(what)
    }
    return { edge: into(Edge, this.#edges, 'edge'), trace: into(Trace, this.#traces, 'trace'), document: into(Document, this.#documents, 'document') }
  }

  /** The evidence. */
  finish(): Evidence {
    return {
      edges: byKey(this.#edges, (edge) => `${edge.from} ${edge.kind} ${edge.to} ${edge.source}`),
      traces: byKey(this.#traces, (trace) => trace.id),
      documents: byKey(this.#documents, (document) => document.id),
    }
  }
}
