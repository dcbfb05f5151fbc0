import type { TrialDraft } from '@semantos/core'
// Not the package's face, which brings WebAssembly and zlib and takes 100 ms to load.
import { constructorFromBucketSize } from 'hdr-histogram-js/dist/JsHistogramFactory.js'

const Histogram = constructorFromBucketSize(64)
const SIGNIFICANT_DIGITS = 3
const NS_PER_MS = 1e6
/** Eleven days: what is longer is no latency but a mistake in a unit. */
const LONGEST_NS = 1e15

/** A high dynamic range histogram of latencies: percentiles within 0.1% from nanoseconds to days, the largest exactly. */
export class Latencies {
  readonly #histogram = new Histogram(1, 2, SIGNIFICANT_DIGITS)
  #largestNs = 0

  constructor() {
    this.#histogram.autoResize = true
  }

  static holds(ns: number): boolean {
    return ns >= 0 && ns <= LONGEST_NS
  }

  /** `ns` as `holds` says. */
  record(ns: number, count = 1): void {
    const whole = Math.round(ns)
    this.#histogram.recordValueWithCount(whole, count)
    if (whole > this.#largestNs) this.#largestNs = whole
  }

  /** For a tool that gives its latencies in bins and the largest of them exactly. */
  recordLargest(ns: number): void {
    this.#largestNs = ns
  }

  get count(): number {
    return this.#histogram.totalCount
  }

  /** Nearest-rank percentiles in ms: nothing is interpolated or averaged. */
  get percentiles(): TrialDraft['latency'] {
    return { p50_ms: this.#at(50), p95_ms: this.#at(95), p99_ms: this.#at(99), max_ms: this.#largestNs / NS_PER_MS }
  }

  #at(percent: number): number {
    return Math.min(this.#histogram.getValueAtPercentile(percent), this.#largestNs) / NS_PER_MS
  }
}
