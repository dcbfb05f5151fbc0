import { type Observation, ObservationDraft } from '../../model/observation.js'
import type { Call } from '../call.js'
import { type Draft, byKey, parse } from './draft.js'

/** What `observe` is handed. */
export interface ObservationsView {
  /** Adds a metric as it was before and after the step. */
  add(observation: ObservationDraft): void
}

/** Observations from every monitoring plugin. */
export class ObservationsDraft implements Draft<ObservationsView> {
  readonly #observations: Observation[] = []

  /** The view of one tap. */
  for(call: Call): ObservationsView {
    return {
      add: (input) => {
        this.#observations.push({ ...parse(ObservationDraft, input, call), source: call.plugin })
        call.note(input.name)
      },
    }
  }

  /** The observations, ordered by name. */
  finish(): readonly Observation[] {
    return byKey(this.#observations, (observation) => `${observation.name} ${observation.source}`)
  }
}
