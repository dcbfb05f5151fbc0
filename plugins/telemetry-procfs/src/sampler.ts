import type { HostReader } from '@semantos/core'
import { collectors } from './collectors/index.js'
import { type Rates, Results, addRates } from './rates.js'
import type { Reading, Source } from './table.js'

/** Every counter and gauge at one moment, raw, by kernel file. */
export interface CounterSample {
  /** Milliseconds on a clock that never goes back; only differences mean something. */
  readonly atMs: number
  readonly readings: ReadonlyMap<string, Reading>
}

export interface Sampler {
  /** Reads every file once: well under a millisecond, synchronous, never throws. */
  sample(): CounterSample
  /** What happened between two samples: gauges as they stood at the second, counters as rates a second. */
  rates(before: CounterSample, after: CounterSample): Rates
}

/** The folders under the host's root, as node_exporter's --path.procfs and --path.sysfs. */
export interface Folders {
  readonly procfs: string
  readonly sysfs: string
}

const NOT_SAMPLED: Reading = { reason: 'not in the sample' }

/** Opens every kernel file that a collector reads. The door keeps and closes the descriptors. */
export function openSampler(host: HostReader, { procfs, sysfs }: Folders = { procfs: '/proc', sysfs: '/sys' }): Sampler {
  const source: Source = { host, procfs, sysfs }
  const files = collectors.map((collector) => {
    const path = `${procfs}/${collector.file}`
    return { collector, path, file: host.open(path), parse: collector.open(source) }
  })
  return {
    sample: () => {
      const atMs = performance.now()
      const readings = new Map<string, Reading>()
      for (const { path, file, parse } of files) {
        const read = file.read()
        readings.set(path, 'text' in read ? parse(read.text) : read)
      }
      return { atMs, readings }
    },
    rates: (before, after) => {
      const results = new Results()
      const elapsedS = (after.atMs - before.atMs) / 1000
      for (const { collector, path } of files) {
        addRates(collector, path, before.readings.get(path) ?? NOT_SAMPLED, after.readings.get(path) ?? NOT_SAMPLED, elapsedS, results)
      }
      return results.finish()
    },
  }
}
