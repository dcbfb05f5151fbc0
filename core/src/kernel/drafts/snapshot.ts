import { z } from 'zod'
import { HostFacts, type Metric, type MetricDraft, type Missing, MissingDraft, type Snapshot } from '../../model/telemetry.js'
import type { Call } from '../call.js'
import { type Draft, byKey, parse, twice } from './draft.js'
import { parseMetric } from './parsed-metric.js'

const Metrics = z.array(z.unknown())

/** What `collect` is handed. */
export interface SnapshotView {
  /** Adds a metric. A name that another plugin has added is SEMANTOS_E_METRIC_DUPLICATE. */
  add(metric: MetricDraft): void
  /** Says that something cannot be measured here, and why; the run goes on. */
  missing(missing: MissingDraft): void
  /** Says what the machine is. Where several plugins do, the first by name is heard. */
  describe(host: HostFacts): void
}

/** Metrics from every telemetry plugin. */
export class SnapshotDraft implements Draft<SnapshotView> {
  readonly #metrics = new Map<string, Metric>()
  readonly #missing: Missing[] = []
  #host: { readonly facts: HostFacts; readonly source: string } | null = null

  /** The view of one tap. */
  for(call: Call): SnapshotView {
    return {
      add: (input) => this.#add(parseMetric(input, call), call),
      missing: (input) => void this.#missing.push({ ...parse(MissingDraft, input, call), source: call.plugin }),
      describe: (input) => {
        const facts = parse(HostFacts, input, call)
        // Where several describe the host, the first by name is heard, whoever was faster.
        if (!this.#host || call.plugin < this.#host.source) this.#host = { facts, source: call.plugin }
        call.note('host facts')
      },
    }
  }

  /** Adds many metrics of one tap. */
  addAll(inputs: readonly MetricDraft[], call: Call): void {
    for (const metric of parse(Metrics, inputs, call)) this.#add(parseMetric(metric, call), call)
  }

  #add({ name, value, unit }: MetricDraft, call: Call): void {
    const other = this.#metrics.get(name)
    if (other) throw twice('SEMANTOS_E_METRIC_DUPLICATE', `metric ${name}`, other.source, call)
    this.#metrics.set(name, { name, value, unit, source: call.plugin })
    call.note(name)
  }

  /** The snapshot, taken at this time. */
  finish(time: Date): Snapshot {
    return {
      time: time.toISOString(),
      host: this.#host?.facts ?? null,
      metrics: byKey([...this.#metrics.values()], (metric) => metric.name),
      missing: byKey(this.#missing, (missing) => missing.name),
    }
  }
}
