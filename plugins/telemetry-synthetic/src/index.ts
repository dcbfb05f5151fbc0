import { definePlugin, type HostFacts, z } from '@semantos/core'
import { MEMORY_BYTES, SIGNALS, SWAP_BYTES, valueOf } from './signals.js'

const HOST: HostFacts = {
  name: 'synthetic',
  kernel: '5.10.0-synthetic',
  boot_id: null,
  cpu_model: 'AMD EPYC 7763',
  cpus: 64,
  numa_nodes: 2,
  memory_bytes: MEMORY_BYTES,
  swap_bytes: SWAP_BYTES,
  block_devices: ['nvme0n1'],
  net_devices: ['eth0'],
  virtualization: 'none',
}

const pinned = z.number().optional()
const Options = z.strictObject({
  /** Signals with a given value instead of a drawn one, in the signal's unit. */
  signals: z.strictObject(Object.fromEntries(SIGNALS.map(({ name }) => [name, pinned]))).default({}),
})

/**
 * A seeded picture of a loaded web server. Each signal has a random stream of its own, so pinning or adding one leaves the
 * others as they are. All looks of a run show the same situation: nothing here depends on what was applied.
 */
export default definePlugin({
  name: '@semantos/telemetry-synthetic',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options: Options,
  setup(kernel, { signals }) {
    kernel.hooks.collect.tapPromise('draw', (snapshot, context) => {
      snapshot.describe(HOST)
      for (const signal of SIGNALS) {
        const value = signals[signal.name] ?? valueOf(signal, context.random(`signal/${signal.name}`)())
        snapshot.add({ name: signal.name, unit: signal.unit, value })
      }
    })
  },
})
