import { z } from 'zod'
import { Reading } from '../model/change.js'
import { Document, Edge, type Evidence, Trace } from '../model/evidence.js'
import { Catalogue, type CatalogueEntry } from '../model/catalogue.js'
import { Knob, type KnobInput, KnobName } from '../model/knob.js'
import { type Observation, ObservationDraft } from '../model/observation.js'
import { HostFacts, type Metric, MetricDraft, type Missing, MissingDraft, type Snapshot } from '../model/telemetry.js'
import { type Verdict, type Violation, ViolationDraft, violationText } from '../model/verdict.js'
import { type Call, rethrow } from './call.js'
import { SemantosError } from './errors.js'

/**
 * What parallel taps add to. Each tap gets a view of its own, stamped with its plugin; what it adds is parsed at once,
 * so that nonsense is blamed on the plugin that added it. Results are ordered by name, never by who was first.
 */
export interface Draft<View> {
  /** The view of one tap. */
  for(call: Call): View
}

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
      add: (input) => {
        const metric = { ...parse(MetricDraft, input, call), source: call.plugin }
        const other = this.#metrics.get(metric.name)
        if (other) throw twice('SEMANTOS_E_METRIC_DUPLICATE', `metric ${metric.name}`, other.source, call)
        this.#metrics.set(metric.name, metric)
        call.note(metric.name)
      },
      missing: (input) => void this.#missing.push({ ...parse(MissingDraft, input, call), source: call.plugin }),
      describe: (input) => {
        const facts = parse(HostFacts, input, call)
        // Where several describe the host, the first by name is heard, whoever was faster.
        if (!this.#host || call.plugin < this.#host.source) this.#host = { facts, source: call.plugin }
        call.note('host facts')
      },
    }
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
    await Promise.all(this.#finishers.map(({ call, finish }) => call.run(finish, (metrics) => addAll(metrics, into.for(call)), rethrow)))
    return into.finish(new Date(0)).metrics
  }
}

function addAll(metrics: readonly MetricDraft[], view: SnapshotView): void {
  for (const metric of metrics) view.add(metric)
}

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

/** What `guard` is handed. */
export interface VerdictView {
  /** Stops the plan. There is no way to take a violation back. */
  violate(violation: ViolationDraft): void
}

/** Violations from every guard. No guard can remove one. */
export class VerdictDraft implements Draft<VerdictView> {
  readonly #guards = new Set<string>()
  readonly #violations: Violation[] = []

  /** The view of one tap. */
  for(call: Call): VerdictView {
    this.#guards.add(call.plugin)
    return {
      violate: (input) => {
        this.#violations.push({ ...parse(ViolationDraft, input, call), guard: call.plugin })
        call.note(`violation ${input.rule}`)
      },
    }
  }

  /** A guard that fails has not said yes. */
  failed(error: SemantosError): void {
    this.#violations.push({
      guard: error.plugin ?? 'unknown',
      rule: 'guard_failed',
      knob: null,
      message: violationText(`the guard did not answer: ${error.message}`),
      fix: violationText(error.next),
    })
  }

  /** The verdict: allowed where there is no violation. */
  finish(): Verdict {
    const violations = byKey(this.#violations, (violation) => `${violation.knob ?? ''} ${violation.guard} ${violation.rule} ${violation.message}`)
    return { allowed: violations.length === 0, guards: [...this.#guards].sort(), violations }
  }
}

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

/** What `configure` is handed. */
export interface KnobsView {
  /** Adds a knob to the catalogue. A name added twice is an error that names both plugins. It is checked when first used. */
  knob(knob: KnobInput): void
}

/** Knobs from every knowledge plugin. */
export class KnobsDraft implements Draft<KnobsView> {
  readonly #knobs = new Map<string, CatalogueEntry & { readonly plugin: string }>()

  /** The view of one tap. */
  for(call: Call): KnobsView {
    return {
      knob: (input) => {
        const name = parse(KnobName, input.name, call)
        const other = this.#knobs.get(name)
        if (other) throw twice('SEMANTOS_E_KNOB_DUPLICATE', `knob ${name}`, other.plugin, call)
        this.#knobs.set(name, { name, plugin: call.plugin, load: () => parse(Knob, input, call) })
        call.note(name)
      },
    }
  }

  /** The catalogue. */
  finish(): Catalogue {
    return new Catalogue(this.#knobs.values())
  }
}

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

/** What `read` is handed. */
export interface ReadingsView {
  /** The knobs that no applier before this one has claimed. */
  readonly knobs: readonly Knob[]
  /** Claims a knob by saying how it stands, once for each device that has it. */
  add(reading: Reading): void
}

/** Appliers are asked in the order of the slot; the first that answers for a knob will be the one to change it. */
export class ReadingsDraft implements Draft<ReadingsView> {
  readonly readings = new Map<string, Reading>()
  readonly claims = new Map<string, string>()
  #open: readonly Knob[]

  constructor(knobs: readonly Knob[]) {
    this.#open = knobs
  }

  /** The view of one tap. */
  for(call: Call): ReadingsView {
    const claimed = new Set<string>()
    for (const ref of this.claims.keys()) claimed.add(nameOf(ref))
    this.#open = this.#open.filter((knob) => !claimed.has(knob.name))
    const open = new Set(this.#open.map((knob) => knob.name))
    return {
      knobs: this.#open,
      add: (input) => {
        const reading = parse(Reading, input, call)
        if (!open.has(nameOf(reading.knob))) throw outputError(call, `answers for ${reading.knob}, which it was not asked for`)
        this.readings.set(reading.knob, reading)
        this.claims.set(reading.knob, call.plugin)
        call.note(reading.knob)
      },
    }
  }
}

function nameOf(ref: string): string {
  return ref.replace(/\[.*$/, '')
}

/** Parses what a plugin handed over; a failure names the plugin and the hook. */
export function parse<T>(schema: z.ZodType<T>, input: unknown, call: Call): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw outputError(call, z.prettifyError(result.error), result.error)
}

function outputError(call: Call, problem: string, cause?: unknown): SemantosError {
  return new SemantosError('SEMANTOS_E_PLUGIN_OUTPUT', {
    message: `${call.plugin} handed over a value that breaks the contract of ${call.hook}:\n${problem}`,
    plugin: call.plugin,
    hook: call.hook,
    cause,
  })
}

/** The plugin named is both, so that the error is the same whichever was faster. */
function twice(code: 'SEMANTOS_E_METRIC_DUPLICATE' | 'SEMANTOS_E_KNOB_DUPLICATE', what: string, first: string, call: Call): SemantosError {
  const both = [...new Set([first, call.plugin])].sort().join(' and ')
  return new SemantosError(code, { message: `${what} was added twice, by ${both}`, plugin: both, hook: call.hook })
}

/** Ordered by key, and by the whole item where keys are the same: never by who was first. */
function byKey<T>(list: readonly T[], key: (item: T) => string): T[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return [...list].sort((a, b) => compare(key(a), key(b)) || compare(JSON.stringify(a), JSON.stringify(b)))
}
