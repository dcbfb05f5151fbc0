import type { TrialDraft } from '@semantos/core'
// Not the package's face, which brings WebAssembly and zlib and takes 100 ms to load.
import { constructorFromBucketSize } from 'hdr-histogram-js/dist/JsHistogramFactory.js'

const Histogram = constructorFromBucketSize(64)
const SIGNIFICANT_DIGITS = 3
const NS_PER_MS = 1e6

/** Latencies in a high dynamic range histogram: percentiles within 0.1%, nearest rank, never averaged. */
export class Latencies {
  readonly #histogram = new Histogram(1, 2, SIGNIFICANT_DIGITS)

  constructor() {
    this.#histogram.autoResize = true
  }

  record(ms: number): void {
    this.#histogram.recordValue(Math.round(ms * NS_PER_MS))
  }

  get count(): number {
    return this.#histogram.totalCount
  }

  /** 0 where nothing was recorded. */
  percentileMs(percent: number): number {
    return Math.min(this.#histogram.getValueAtPercentile(percent), this.#histogram.maxValue) / NS_PER_MS
  }

  get summary(): TrialDraft['latency'] {
    return { p50_ms: this.percentileMs(50), p95_ms: this.percentileMs(95), p99_ms: this.percentileMs(99), max_ms: this.percentileMs(100) }
  }
}
