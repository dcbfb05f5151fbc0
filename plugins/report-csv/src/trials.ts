import type { AtomicFile } from '@semantos/host'
import type { Trial } from '@semantos/core'
import { type Cell, CsvFile, rounded } from './csv-file.js'

const COLUMNS = ['arm', 'index', 'p50_ms', 'p95_ms', 'p99_ms', 'max_ms', 'throughput_per_s', 'requests', 'errors']

/** trials.csv: one row a trial, as they come. The first trial decides which counters have a column. */
export class TrialsFile {
  readonly #path: string
  readonly #onUnknownCounter: (name: string) => void
  readonly #unknown = new Set<string>()
  #counters: readonly string[] = []
  #csv: CsvFile | null = null

  constructor(path: string, onUnknownCounter: (name: string) => void) {
    this.#path = path
    this.#onUnknownCounter = onUnknownCounter
  }

  add(trial: Trial): void {
    const csv = this.#csv ?? this.#begin(Object.keys(trial.counters).sort())
    for (const name of Object.keys(trial.counters)) this.#checkCounter(name)
    csv.add(this.#row(trial))
  }

  /** There is one for a run without trials as well, so that none of an earlier run is left beside this one's summary. */
  get file(): AtomicFile {
    return (this.#csv ?? this.#begin([])).file
  }

  discard(): void {
    this.#csv?.discard()
  }

  #begin(counters: readonly string[]): CsvFile {
    this.#counters = counters
    this.#csv = new CsvFile(this.#path, [...COLUMNS, ...counters])
    return this.#csv
  }

  #checkCounter(name: string): void {
    if (this.#counters.includes(name) || this.#unknown.has(name)) return
    this.#unknown.add(name)
    this.#onUnknownCounter(name)
  }

  #row({ arm, index, latency, throughput_per_s, requests, errors, counters }: Trial): Cell[] {
    const { p50_ms, p95_ms, p99_ms, max_ms } = latency
    const measured = [p50_ms, p95_ms, p99_ms, max_ms, throughput_per_s].map(rounded)
    const counted = this.#counters.map((name) => (counters[name] === undefined ? null : rounded(counters[name])))
    return [arm, index, ...measured, requests, errors, ...counted]
  }
}
