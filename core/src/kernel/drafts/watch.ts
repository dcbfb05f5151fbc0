import type { Metric, MetricDraft } from '../../model/telemetry.js'
import { type Call, rethrow } from '../call.js'
import type { Draft } from './draft.js'
import { SnapshotDraft } from './snapshot.js'

/** Returns what was counted since the watch began. */
export type Finish = () => readonly MetricDraft[] | Promise<readonly MetricDraft[]>

/** What `watch` is handed when a trial begins. */
export interface WatchView {
  /** Called once when the trial has ended: returns what was counted since the watch began. */
  atEnd(finish: Finish): void
}

/** Telemetry around a trial: every tap takes a first sample, and is called back for the difference. */
export class WatchDraft implements Draft<WatchView> {
  readonly #finishers: { readonly call: Call; readonly finish: Finish }[] = []

  /** The view of one tap. */
  for(call: Call): WatchView {
    return { atEnd: (finish) => void this.#finishers.push({ call, finish }) }
  }

  /** Ends the watch, within the hook's time limit. A name counted twice is an error that names both plugins. */
  async end(): Promise<readonly Metric[]> {
    const into = new SnapshotDraft()
    await Promise.all(this.#finishers.map(({ call, finish }) => call.run(finish, (metrics) => into.addAll(metrics, call), rethrow)))
    return into.finish(new Date(0)).metrics
  }
}
