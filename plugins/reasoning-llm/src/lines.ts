import { type Document, type Edge, formatValue, type Knob, type KnobType, type Metric, type Present, type Recommendation, type Redact, type Snapshot, type Trace } from '@semantos/core'
import { estimateTokens } from './tokens.js'
import { plain, quoted } from './untrusted.js'

/** A line of the prompt with what it costs, its line feed included. */
export interface Line {
  readonly text: string
  readonly tokens: number
}

export function line(text: string): Line {
  return { text, tokens: estimateTokens(`${text}\n`) }
}

/** Writes the lines of a prompt. Text that others wrote goes in quotation marks, without secrets; numbers have six digits. */
export class Lines {
  readonly #redact: Redact

  constructor(redact: Redact) {
    this.#redact = redact
  }

  /** The host's own name is left out: it says nothing about the load, and it may name a person or a customer. */
  host({ host }: Snapshot): string {
    if (!host) return 'unknown'
    const { kernel, cpu_model, cpus, numa_nodes, memory_bytes, swap_bytes, virtualization } = host
    return [
      `kernel ${this.#quoted(kernel, 80)}`, `CPU ${this.#quoted(cpu_model, 80)}`, `${cpus} CPUs`, `${numa_nodes} NUMA nodes`, `${memory_bytes} bytes of memory`,
      `${swap_bytes} bytes of swap`, `virtualization ${virtualization}`,
    ].join(', ')
  }

  metric({ name, value, unit }: Metric): string {
    return `${this.#quoted(name, 192)} = ${shortNumber(value)} ${this.#quoted(unit, 32)}`
  }

  recommendation({ knob, value, uncertainty, rationale }: Recommendation): string {
    return `${knob} -> ${this.value(value)}, uncertainty ${shortNumber(uncertainty)}: ${this.#quoted(rationale, 300)}`
  }

  edge(id: string, { from, to, kind, weight, evidence_count, source }: Edge): string {
    return `${id}: ${from} ${kind} ${to}, weight ${shortNumber(weight)}, seen ${evidence_count} times, from ${this.#quoted(source, 120)}`
  }

  /** `shown` are the metrics worth comparing with now. */
  trace(id: string, { workload, actions, metrics, improvement_pct, verdict }: Trace, shown: readonly string[]): string {
    const changes = actions.slice(0, 12).map(({ knob, from, to }) => `${knob} ${from === null ? '?' : this.value(from)} -> ${this.value(to)}`)
    const then = shown.flatMap((name) => (metrics[name] === undefined ? [] : [`${this.#quoted(name, 192)} = ${shortNumber(metrics[name])}`]))
    const effect = improvement_pct === null ? 'not measured' : `${shortNumber(improvement_pct)}% better`
    return `${id}: workload ${this.#quoted(workload, 60)}, then ${then.join(', ') || 'unknown'}: changed ${changes.join(', ')}: ${effect}, verdict ${this.#quoted(verdict, 40)}`
  }

  document(id: string, { title, text }: Document): string {
    return `${id}: ${this.#quoted(title, 120)}: ${this.#quoted(text, 900)}`
  }

  knob({ knob, readings }: { readonly knob: Knob; readonly readings: readonly Present[] }): string {
    const now = readings.map((reading) => `${reading.knob} now ${this.value(reading.value)}`).join('; ')
    const resets = knob.resets.length > 0 ? `; setting it resets ${knob.resets.join(' and ')}` : ''
    return `${now}; ${describeType(knob.type)}${resets}; kernel default ${knob.default === null ? 'computed at boot' : this.value(knob.default)}; takes effect ${knob.takes_effect}; risk ${knob.risk}. ${plain(knob.meaning, 600)}`
  }

  value(value: Parameters<typeof formatValue>[0]): string {
    return typeof value === 'string' ? this.#quoted(value, 60) : typeof value === 'object' ? `[${value.join(', ')}]` : formatValue(value)
  }

  #quoted(text: string, most: number): string {
    return quoted(this.#redact(text), most)
  }
}

/** What values a knob takes, in words. */
export function describeType(type: KnobType): string {
  switch (type.kind) {
    case 'integer': {
      const special = type.special.map(({ value, meaning }) => `, or ${value} for "${plain(meaning, 120)}"`)
      return `whole number, unit ${type.unit}, ${type.safe.min} to ${type.safe.max}${special.join('')}`
    }
    case 'boolean':
      return '0 (off) or 1 (on)'
    case 'enum':
      return `one of the words ${type.values.map(({ value, meaning }) => `"${value}" (${plain(meaning, 120)})`).join(', ')}`
    case 'vector': {
      const fields = type.fields.map(({ name, safe }) => `${name} ${safe.min} to ${safe.max}`)
      return `list of ${type.fields.length} whole numbers, unit ${type.unit}, ${type.ascending ? 'ascending, ' : ''}${fields.join(', ')}`
    }
  }
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)))
}
